/// Two frames of a video and what happens between them.
public struct FramePair: Hashable, Sendable {
  /// The numbers of the frames.
  public let first, second: Int
  /// What happens between them.
  public let label: CaptionLabel
  /// The caption that it was taken from, the earlier one at a boundary.
  public let captionID: Int

  /// Frames `first` and `second` of caption `captionID`.
  public init(first: Int, second: Int, label: CaptionLabel, captionID: Int) {
    (self.first, self.second, self.label, self.captionID) = (first, second, label, captionID)
  }
}

/// The pairs that a video's captions give, and what gave none.
public struct FramePairs: Equatable, Sendable {
  /// The pairs, by caption.
  public let pairs: [FramePair]
  /// How many stretches there are, how many of them have confirmed ends, and how many of these nobody has read.
  public let segmentCount, confirmedCount, unreadCount: Int

  /// Where in a caption pairs are taken from, in shares of its length.
  private static let places = [0.25, 0.5, 0.75]

  /// The pairs of `segments`, which are in order; of those with confirmed ends alone.
  ///
  /// Inside a stretch of n > 1 frames the frames start + ⌊n p⌋ and the one behind it, for p = 1/4, 1/2, 3/4, where that is
  /// still inside; between neighbours the last frame of the one and the first of the other. A stretch whose text nobody
  /// has written or found empty (NULL) gives no pair: it may be either. Neither do two between which an excerpt left frames
  /// out.
  public init(of segments: [CaptionSegment]) {
    let confirmed = segments.filter { $0.state == .confirmed }
    let next = Dictionary(
      CaptionSegment.meetings(of: segments) { $0.state == .confirmed }.map { ($0.start, $1) }
    ) { first, _ in first }
    var pairs: [FramePair] = []
    for segment in confirmed {
      guard let hasText = segment.hasText else { continue }
      let length = segment.end - segment.start + 1
      for share in Self.places {
        let first = segment.start + Int(Double(length) * share)
        guard first + 1 <= segment.end else { continue }
        pairs.append(
          FramePair(
            first: first, second: first + 1, label: hasText ? .same : .emptyEmpty, captionID: segment.id))
      }
      guard let next = next[segment.start], let nextHasText = next.hasText else { continue }
      pairs.append(
        FramePair(
          first: segment.end, second: next.start, label: Self.label(hasText, nextHasText),
          captionID: segment.id))
    }
    self.pairs = pairs
    segmentCount = segments.count
    confirmedCount = confirmed.count
    unreadCount = confirmed.count { $0.text == nil }
  }

  /// What happens where one stretch ends and the next begins.
  public static func label(_ hasText: Bool, _ nextHasText: Bool) -> CaptionLabel {
    switch (hasText, nextHasText) {
    case (true, true): .different
    case (false, false): .emptyEmpty
    case (false, true): .emptyValid
    case (true, false): .validEmpty
    }
  }
}
