import Utils

/// A change made to a training image that may change which classes it shows: a region painted over, a piece of another
/// image pasted in.
///
/// It is made before all other changes, while the mask still fits the image, on numbers before normalisation. It draws
/// from the stream it is given: seed, epoch and sample alone decide what happens, never the threads of the loader.
public protocol TargetAugmentation: Sendable {
  /// Kind and parameters, as a run records them: `{"kind": "defect_blackout", ...}`.
  var json: JSONValue { get }

  /// Changes one image [C, H, W] in place, and with it what it shows.
  ///
  /// - Parameters:
  ///   - image: its numbers.
  ///   - content: its classes, and where they are.
  ///   - size: its size.
  ///   - source: where it comes from, for those who need another image.
  ///   - random: what every choice is drawn from.
  func apply(
    to image: inout MutableSpan<Float>, showing content: inout ImageContent, size: ImageSize,
    from source: any SampleSource, using random: inout RandomStream) throws
}

/// What an image shows, and where.
public struct ImageContent: Equatable, Sendable {
  /// [K], 1 for each class that it shows.
  public var targets: [UInt8]
  /// Which of its pixels show which class.
  public var mask: RegionMask

  /// An image that shows `targets` at the places of `mask`.
  public init(targets: [UInt8], mask: RegionMask) {
    self.targets = targets
    self.mask = mask
  }
}
