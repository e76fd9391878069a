import Utils

/// A mean over examples that arrives in batches of different size, summed in double precision.
public struct WeightedMean: Equatable, Sendable {
  private(set) var sum = 0.0
  /// How many examples have been added.
  public private(set) var count = 0

  /// A mean of nothing so far.
  public init() {}

  /// A mean that goes on: `sum` of the examples added so far, and how many they were.
  init(sum: Double, count: Int) { (self.sum, self.count) = (sum, count) }

  /// The mean over all examples so far; nil when there are none.
  public var mean: Double? { count == 0 ? nil : sum / Double(count) }

  /// Adds a batch of `count` examples, at least none, whose mean is `mean`.
  public mutating func add(_ mean: Double, count: Int) {
    require(count >= 0, "a batch of \(count) examples")
    guard count > 0 else { return }  // the mean of no examples is often NaN
    sum += mean * Double(count)
    self.count += count
  }

  /// Adds what `other` has seen.
  public static func += (mean: inout WeightedMean, other: WeightedMean) {
    mean.sum += other.sum
    mean.count += other.count
  }
}
