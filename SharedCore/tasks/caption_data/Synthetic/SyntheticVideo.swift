import Foundation
import Images
import Utils

/// A made-up video: captions of one style before a background that moves, with what an annotator would say of them.
///
/// Everything depends on the seed and the video's number, and on the version of the fonts that are installed.
public struct SyntheticVideo: Sendable {
  /// How many stretches with confirmed ends a video may have.
  public static let segmentCounts = 2...100_000
  /// Frames a second.
  public static let framesPerSecond = 10.0

  /// What all videos of a set depend on, and the number of this one.
  public let seed: UInt64
  /// Its number in the set.
  public let number: Int
  /// How the captions look.
  public let style: CaptionStyle
  /// Where they lie.
  public let layout: VideoLayout
  /// What an annotator says: stretches with confirmed ends, now and then a gap, and a predicted one at the end.
  public let segments: [CaptionSegment]
  let background: MovingBackground
  private let texts: [Int: CaptionText]

  /// Video `number` of the set of `seed`, with `count` stretches that have confirmed ends.
  ///
  /// Throws a `LabError` for a count outside `segmentCounts` and where no caption can be drawn.
  public init(number: Int, seed: UInt64, segments count: Int = 40) throws {
    guard Self.segmentCounts ~= count else {
      throw LabError(
        .config, "a video of \(grouped(count)) captions cannot be made",
        remedy: "choose \(Self.segmentCounts.lowerBound) to \(grouped(Self.segmentCounts.upperBound))")
    }
    (self.seed, self.number) = (seed, number)
    var random = RandomStream(seed: seed, purpose: "video", number: number)
    style = CaptionStyle(using: &random)
    layout = Self.layout(style, using: &random)
    segments = Self.segments(count, using: &random)
    let (width, height) = (layout.crop.width, layout.crop.height)
    background = MovingBackground(
      width: width, height: height, frames: (segments.last?.end ?? 0) + 1, seed: random.next())
    var texts: [Int: CaptionText] = [:]
    for segment in segments where segment.hasText == true {
      texts[segment.id] = try CaptionText(segment.text ?? "", style: style, width: width, height: height)
    }
    self.texts = texts
  }

  /// A crop of 44 to 64 rows, 8 to 13 times as wide, near the bottom of a frame of 1280 x 720 or 1024 x 576.
  private static func layout(_ style: CaptionStyle, using random: inout RandomStream) -> VideoLayout {
    let (frameWidth, frameHeight) = [(1280, 720), (1024, 576)][random.index(below: 2)]
    let height = 44 + random.index(below: 21)
    let width = Int(Double(height) * random.uniform(in: 8..<13))
    let left =
      switch style.anchor {
      case .left: frameWidth / 16
      case .center: (frameWidth - width) / 2
      case .right: frameWidth - frameWidth / 16 - width
      }
    let top = Int(Double(frameHeight) * random.uniform(in: 0.8..<0.88))
    let crop = CropBounds(left: left, top: top, right: left + width, bottom: top + height)
    guard
      let layout = VideoLayout(
        frameWidth: frameWidth, frameHeight: frameHeight, crop: crop, anchor: style.anchor,
        cropBoundsVersion: 1, analysisVersion: "synthetic-v1")
    else { trap("a crop outside its frame") }
    return layout
  }

  private static func segments(_ count: Int, using random: inout RandomStream) -> [CaptionSegment] {
    let words = CaptionWords.vocabulary(using: &random)
    var segments: [CaptionSegment] = []
    var (start, last, isEmpty): (Int, String?, Bool) = (0, nil, random.uniform() < 0.5)
    func append(_ length: Int, _ state: CaptionSegment.State, _ text: String?) {
      segments.append(
        CaptionSegment(
          id: segments.count + 1, start: start, end: start + length - 1, state: state, text: text))
      start += length
    }
    for number in 0..<count {
      // Nobody has looked at some stretches, and what follows them is not their neighbour in the video.
      if number > 0, random.uniform() < 0.04 { append(3 + random.index(below: 6), .gap, nil) }
      let text = isEmpty ? "" : CaptionWords.line(words, after: last, using: &random)
      append(isEmpty ? 4 + random.index(below: 12) : 6 + random.index(below: 20), .confirmed, text)
      if !isEmpty { last = text }
      isEmpty = random.uniform() < (isEmpty ? 0.2 : 0.45)
    }
    append(8, .predicted, nil)
    return segments
  }

  /// How many frames there are.
  public var frameCount: Int { (segments.last?.end ?? -1) + 1 }

  /// The stretch that frame `index` belongs to.
  public func segment(at index: Int) -> CaptionSegment? {
    segments.first { $0.start <= index && index <= $0.end }
  }

  func text(of segment: CaptionSegment) -> CaptionText? { texts[segment.id] }

  /// The crop of frame `index`, red, green and blue.
  public func frame(_ index: Int) -> DecodedImage {
    picture(index, text: segment(at: index).flatMap { texts[$0.id] })
  }

  func picture(_ index: Int, text: CaptionText?) -> DecodedImage {
    var pixels = background.frame(index)
    if let text {
      for place in text.outline.indices where text.outline[place] > 0 {
        let (around, inside) = (Int(text.outline[place]), Int(text.letters[place]))
        for channel in 0..<3 {
          var value = Int(pixels[3 * place + channel])
          value += (12 - value) * around / 255
          value += (Int(style.color[channel]) - value) * inside / 255
          pixels[3 * place + channel] = UInt8(clamping: value)
        }
      }
    }
    return DecodedImage(
      width: layout.crop.width, height: layout.crop.height, channels: 3, pixels: pixels)
  }

  /// What a reader of characters would find in the middle frame of each caption: a box for each character, a little off,
  /// and now and then one of a station's sign in the corner of the frame.
  public func boxes() -> [OCRBox] {
    var random = RandomStream(seed: seed, purpose: "boxes", number: number)
    let (width, height) = (Double(layout.frameWidth), Double(layout.frameHeight))
    return segments.flatMap { segment -> [OCRBox] in
      guard let text = texts[segment.id], segment.state == .confirmed else { return [] }
      let index = (segment.start + segment.end) / 2
      let sureness = random.uniform(in: 0.72..<0.98)
      var found = text.boxes.map { box in
        let x = box.x + Double(layout.crop.left) + random.normal()
        let bottom = box.y + box.height + Double(layout.crop.top) + random.normal()
        return OCRBox(
          frameIndex: index, confidence: min(max(sureness + random.normal() * 0.06, 0.2), 1), x: x / width,
          y: 1 - bottom / height, width: (box.width + 1) / width, height: (box.height + 1) / height)
      }
      if random.uniform() < 0.2 {
        found.append(
          OCRBox(frameIndex: index, confidence: 0.5, x: 0.9, y: 0.92, width: 0.06, height: 0.04))
      }
      return found
    }
  }
}
