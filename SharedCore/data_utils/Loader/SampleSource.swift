import Engine
import Utils

/// Samples that a loader can ask for by number, from any thread: a data set in memory, or files read when needed.
public protocol SampleSource: Sendable {
  /// How many samples there are.
  var count: Int { get }

  /// The shape of each sample.
  var sampleShape: Shape { get }

  /// The class of sample `index`.
  func label(_ index: Int) -> Int32

  /// [K], 1 for each class that sample `index` has; nil for every sample of a source that has one class a sample.
  func targets(_ index: Int) -> [UInt8]?

  /// Which pixels of sample `index` show which class; nil for a source without masks.
  func mask(_ index: Int) -> RegionMask?

  /// Writes the numbers of the samples `indices` to `numbers`, one sample after the other, before any preprocessing.
  func read(_ indices: ArraySlice<Int>, into numbers: inout MutableSpan<Float>) throws
}

extension SampleSource {
  /// One class a sample.
  public func targets(_ index: Int) -> [UInt8]? { nil }

  /// No masks.
  public func mask(_ index: Int) -> RegionMask? { nil }
}

extension Dataset: SampleSource {
  /// The class of sample `index`.
  public func label(_ index: Int) -> Int32 { labels[index] }

  /// [K], 1 for each class that sample `index` has; nil where each sample has exactly one.
  public func targets(_ index: Int) -> [UInt8]? {
    targets.map { Array($0[index * classNames.count..<(index + 1) * classNames.count]) }
  }

  /// Which pixels of sample `index` show which class; nil where there are no masks.
  public func mask(_ index: Int) -> RegionMask? { masks?[index] }

  /// Writes the numbers of the samples `indices` to `numbers`, one sample after the other; bytes become 0 to 1.
  ///
  /// Throws only where they come from a file that cannot be read, or from a maker that fails.
  public func read(_ indices: ArraySlice<Int>, into numbers: inout MutableSpan<Float>) throws {
    let width = sampleShape.elementCount
    require(
      numbers.count == indices.count * width, "\(numbers.count) numbers for \(indices.count) samples")
    try numbers.withUnsafeMutableBufferPointer { numbers in
      func target(_ position: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: numbers[position * width..<(position + 1) * width])
      }
      switch features {
      case .floats(let values):
        for (position, index) in indices.enumerated() {
          _ = target(position).update(fromContentsOf: values[index * width..<(index + 1) * width])
        }
      case .bytes(let values, let maximum):
        for (position, index) in indices.enumerated() {
          widen(values[index * width..<(index + 1) * width], to: target(position), maximum)
        }
      case .images(let files):
        for (position, index) in indices.enumerated() {
          widen(try files.bytes(index)[...], to: target(position), 255)
        }
      case .made(let samples):
        for (position, index) in indices.enumerated() { try samples.write(index, to: target(position)) }
      }
    }
  }

  /// Whether a sample is read without opening a file or making it.
  var isInMemory: Bool {
    switch features {
    case .floats, .bytes: true
    case .images, .made: false
    }
  }
}

/// Writes `byte / maximum` for each of `bytes` to `numbers`, as many; without a branch in the loop, so it is vectorised.
private func widen(
  _ bytes: ArraySlice<UInt8>, to numbers: UnsafeMutableBufferPointer<Float>, _ maximum: Float
) {
  bytes.withUnsafeBufferPointer { bytes in
    guard let source = bytes.baseAddress, let target = numbers.baseAddress else { return }
    for place in 0..<bytes.count { target[place] = Float(source[place]) / maximum }
  }
}

/// A change made to one sample each time it is drawn: augmentation.
///
/// It gets the numbers of the sample before normalisation, their shape, and random numbers that depend on the seed, the
/// epoch and the sample alone, so that threads change nothing.
public typealias SampleTransform =
  @Sendable (_ sample: inout MutableSpan<Float>, _ shape: Shape, _ random: inout RandomStream) throws -> Void
