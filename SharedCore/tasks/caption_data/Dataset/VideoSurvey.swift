import Foundation
import Utils

/// What one video's annotations give to a data set, before any picture is read.
struct VideoSurvey: Sendable {
  let url: URL
  let facts: VideoFacts
  let layout: VideoLayout?
  let boxes: [OCRBox]
  let pairs: FramePairs
  /// The frame that its font is read from.
  let reference: ReferenceFrame.Choice?
  /// What speaks against using the video, as a sentence without its remedy; nil where nothing does.
  let obstacle: String?

  /// Reads the annotations at `url`; throws a `LabError` where they are damaged or contradict themselves.
  init(_ url: URL) throws {
    self.url = url
    let database = try AnnotationDatabase(url)
    pairs = FramePairs(of: try database.segments())
    facts = try database.video()
    layout = try database.layout()
    boxes = try database.boxes()
    reference = ReferenceFrame.choose(boxes, available: Set(try database.frameIndices()))
    let hasPicture = try database.storedVisualization() != nil
    let (found, place) = (boxes, layout)
    let drawn = place.map { OCRVisualization(found, layout: $0) }
    let file = url.relativePath
    obstacle =
      if pairs.segmentCount == 0 {
        "\(file) has no captions"
      } else if pairs.confirmedCount == 0 {
        "\(file) has no confirmed captions, only \(grouped(pairs.segmentCount)) others"
      } else if pairs.pairs.isEmpty {
        "the \(grouped(pairs.confirmedCount)) confirmed captions of \(file) give no pair: "
          + (pairs.unreadCount > 0 ? "nobody has written their text" : "they are one frame long")
      } else if !hasPicture && drawn?.isEmpty != false {
        "\(file) has no OCR visualisation and no boxes to draw one from"
      } else {
        nil
      }
  }

  /// What a user should know of a video that is used.
  var notice: String? {
    guard pairs.unreadCount > 0 else { return nil }
    return "\(url.relativePath): \(grouped(pairs.unreadCount)) of \(grouped(pairs.confirmedCount)) confirmed "
      + "captions have no text yet and give no pairs."
  }
}
