import Foundation
import Images
import Utils

/// What a network is given of any two frames of one video, read from its annotations; the same as a data set gives.
///
/// It may be read from any thread.
public final class VideoInputs: Sendable {
  /// Two neighbouring stretches, the last frame of the one and the first of the other.
  public struct Neighbours: Equatable, Sendable {
    /// The stretches by their rows.
    public let firstID, secondID: Int
    /// The numbers of the frames.
    public let first, second: Int
    /// What an annotator says of them; nil where that is not confirmed, or where nobody has read a text.
    public let label: CaptionLabel?
    /// How sure a reader of characters was in both stretches, the mean over their boxes; nil where there are none.
    public let ocrConfidence: Double?
  }

  /// The annotations.
  public let database: AnnotationDatabase
  /// What the video is.
  public let facts: VideoFacts
  /// Where its captions lie; nil where that is not known.
  public let layout: VideoLayout?
  /// [3, H, W] bytes of the OCR visualisation: red, green and blue.
  public let visualization: [UInt8]
  /// Where the captions lie, as six numbers, and their font, as 512.
  public let spatial, font: [Float]
  private let segments: [CaptionSegment]
  private let boxes: [Int: [OCRBox]]
  private let fit: CaptionFit

  /// The side on which captions begin.
  public var anchor: CaptionAnchor { layout?.anchor ?? .center }

  /// Reads the annotations at `url` but for their frames; throws a `LabError` where there is no caption, or nothing to make a
  /// visualisation of.
  public init(
    _ url: URL, fit: CaptionFit, variant: OCRVariant, encoder: any FontEncoder = FontDescriptor()
  ) throws {
    let database = try AnnotationDatabase(url)
    (self.database, self.fit) = (database, fit)
    (facts, layout, segments) = (try database.video(), try database.layout(), try database.segments())
    guard !segments.isEmpty else {
      throw LabError(.data, "\(url.relativePath) has no captions", remedy: "name an annotated video")
    }
    let boxes = try database.boxes()
    self.boxes = Dictionary(grouping: boxes, by: \.frameIndex)
    let anchor = layout?.anchor ?? .center
    visualization = fit(try Self.picture(variant, database, boxes, layout), anchor: anchor).planes
    spatial = SpatialFeatures.values(layout)
    font =
      try ReferenceFrame.choose(boxes, available: Set(database.frameIndices())).map {
        try encoder.embedding(of: database.picture($0.frameIndex))
      } ?? FontEmbedding.none
  }

  private static func picture(
    _ variant: OCRVariant, _ database: AnnotationDatabase, _ boxes: [OCRBox], _ layout: VideoLayout?
  ) throws -> DecodedImage {
    let file = "the OCR visualisation of \(database.url.relativePath)"
    if variant == .boundaries, let stored = try database.storedVisualization() {
      return try CaptionFit.decoded(stored, file: file)
    }
    guard let layout, case let drawing = OCRVisualization(boxes, layout: layout), !drawing.isEmpty else {
      throw LabError(
        .data, "\(database.url.relativePath) has no OCR visualisation and no boxes to draw one from",
        remedy: "read its characters first")
    }
    return try CaptionFit.decoded(drawing.picture(variant).encodedPNG(), file: file)
  }

  /// [3, H, W] bytes of frame `index`; throws a `LabError` where it is missing or no picture.
  public func frame(_ index: Int) throws -> [UInt8] {
    fit(try database.picture(index), anchor: anchor).planes
  }

  /// The places where one stretch ends and the next begins, in order; throws a `LabError` where none is asked for.
  ///
  /// - Parameter all: those between stretches that nobody has confirmed, too.
  public func neighbours(all: Bool = false) throws -> [Neighbours] {
    guard segments.contains(where: { all || $0.state == .confirmed }) else {
      throw LabError(
        .data,
        "\(database.url.relativePath) has no confirmed captions, only \(grouped(segments.count)) others",
        remedy: "confirm some, or give --all")
    }
    return CaptionSegment.meetings(of: segments) { all || $0.state == .confirmed }.map { one, next in
      let isConfirmed = one.state == .confirmed && next.state == .confirmed
      let found =
        (one.start...one.end).flatMap { boxes[$0] ?? [] }
        + (next.start...next.end).flatMap { boxes[$0] ?? [] }
      return Neighbours(
        firstID: one.id, secondID: next.id, first: one.end, second: next.start,
        label: isConfirmed
          ? one.hasText.flatMap { text in next.hasText.map { FramePairs.label(text, $0) } } : nil,
        ocrConfidence: found.isEmpty ? nil : found.reduce(0) { $0 + $1.confidence } / Double(found.count))
    }
  }
}
