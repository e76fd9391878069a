/// A stretch of frames as somebody annotated it.
public struct CaptionSegment: Equatable, Sendable {
  /// What is known of its ends.
  public enum State: String, CaseIterable, Sendable {
    case predicted, confirmed, gap, issue
  }

  /// The row of the annotation.
  public let id: Int
  /// The first and the last frame, both of them in it.
  public let start, end: Int
  /// What is known of its ends.
  public let state: State
  /// Its text: empty where there is no caption, nil where nobody has looked.
  public let text: String?
  /// Whether this stretch stands for frames that an excerpt left out: what lies on its two sides does not meet.
  public let isLeftOut: Bool

  /// Frames `start` to `end`.
  public init(
    id: Int, start: Int, end: Int, state: State = .confirmed, text: String?, isLeftOut: Bool = false
  ) {
    (self.id, self.start, self.end, self.state, self.text) = (id, start, end, state, text)
    self.isLeftOut = isLeftOut
  }

  /// Whether there is a caption; nil where nobody has looked.
  public var hasText: Bool? { text.map { text in text.contains { !$0.isWhitespace } } }

  /// Those of `segments`, in their order, that are `chosen` and follow each other, without those between which frames were
  /// left out.
  static func meetings(
    of segments: [CaptionSegment], where chosen: (CaptionSegment) -> Bool
  ) -> [(CaptionSegment, CaptionSegment)] {
    var (meetings, last): ([(CaptionSegment, CaptionSegment)], CaptionSegment?) = ([], nil)
    for segment in segments {
      if segment.isLeftOut { last = nil }
      guard !segment.isLeftOut, chosen(segment) else { continue }
      if let last { meetings.append((last, segment)) }
      last = segment
    }
    return meetings
  }
}

/// The side on which the captions of a video begin.
public enum CaptionAnchor: String, CaseIterable, Sendable {
  case left, center, right
}

/// A rectangle of pixels of the frame: from `left` and `top` up to, not including, `right` and `bottom`.
public struct CropBounds: Equatable, Sendable {
  /// Its edges in pixels from the frame's left upper corner.
  public let left, top, right, bottom: Int

  /// A rectangle by its edges.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  /// Its extent in pixels.
  public var width: Int { right - left }
  /// Its extent in pixels.
  public var height: Int { bottom - top }
}

/// Where the captions of a video lie, as an analysis of it found.
public struct VideoLayout: Equatable, Sendable {
  /// The size of the whole frame in pixels.
  public let frameWidth, frameHeight: Int
  /// The part of it that holds captions.
  public let crop: CropBounds
  /// The side on which captions begin.
  public let anchor: CaptionAnchor
  /// Which analysis of the crop this is.
  public let cropBoundsVersion: Int
  /// The analysis' name, where it left one.
  public let analysisVersion: String?

  /// The most pixels that a crop has: pictures of that size are made of it.
  static let largestCrop = 1 << 24

  /// A layout whose crop has pixels, not too many, and lies in the frame, or nil.
  init?(
    frameWidth: Int, frameHeight: Int, crop: CropBounds, anchor: CaptionAnchor, cropBoundsVersion: Int,
    analysisVersion: String? = nil
  ) {
    guard 1...65_535 ~= frameWidth, 1...65_535 ~= frameHeight, 0..<crop.right ~= crop.left,
      0..<crop.bottom ~= crop.top, crop.right <= frameWidth, crop.bottom <= frameHeight,
      crop.width * crop.height <= Self.largestCrop
    else { return nil }
    (self.frameWidth, self.frameHeight, self.crop, self.anchor) = (frameWidth, frameHeight, crop, anchor)
    (self.cropBoundsVersion, self.analysisVersion) = (cropBoundsVersion, analysisVersion)
  }
}

/// A piece of text that a reader of characters found in a frame.
public struct OCRBox: Equatable, Sendable {
  /// The frame it was found in.
  public let frameIndex: Int
  /// How sure the reader was, 0 to 1.
  public let confidence: Double
  /// The left edge and the lower edge in fractions of the frame, `y` counted from the bottom.
  public let x, y: Double
  /// The extent in fractions of the frame.
  public let width, height: Double

  /// A box by its left lower corner and its extent.
  public init(frameIndex: Int, confidence: Double, x: Double, y: Double, width: Double, height: Double) {
    (self.frameIndex, self.confidence) = (frameIndex, confidence)
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

/// A picture of the part of a frame that holds captions.
public struct CroppedFrame: Equatable, Sendable {
  /// Its number in the video.
  public let index: Int
  /// A JPEG or PNG file.
  public let image: [UInt8]
  /// Which analysis of the crop it was cut by.
  public let cropBoundsVersion: Int
}

/// What a video is, beside its captions.
public struct VideoFacts: Equatable, Sendable {
  /// The SHA-256 of the video, 64 hexadecimal digits; of its annotation database where the video's is not known.
  public let hash: String
  /// Where the video lies, or its annotations where that is not known.
  public let path: String
  /// Bytes of the video, of its annotations where the video's are not known.
  public let fileSize: Int
  /// Its length, where that is known.
  public let seconds: Double?
  /// The size of a frame in pixels, where that is known.
  public let width, height: Int?
}
