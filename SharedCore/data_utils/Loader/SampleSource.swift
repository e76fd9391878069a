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
  public func read(_ indices: ArraySlice<Int>, into numbers: inout MutableSpan<Float>) {
    let width = sampleShape.elementCount
    require(
      numbers.count == indices.count * width, "\(numbers.count) numbers for \(indices.count) samples")
    var target = 0
    switch features {
    case .floats(let values):
      let values = values.span
      for index in indices {
        let source = index * width
        for position in 0..<width { numbers[target + position] = values[source + position] }
        target += width
      }
    case .bytes(let values, let maximum):
      let values = values.span
      for index in indices {
        let source = index * width
        for position in 0..<width { numbers[target + position] = Float(values[source + position]) / maximum }
        target += width
      }
    }
  }
}

/// A change made to one sample each time it is drawn: augmentation.
///
/// It gets the numbers of the sample before normalisation, their shape, and random numbers that depend on the seed, the
/// epoch and the sample alone, so that threads change nothing.
public typealias SampleTransform =
  @Sendable (_ sample: inout MutableSpan<Float>, _ shape: Shape, _ random: inout RandomStream) throws -> Void
