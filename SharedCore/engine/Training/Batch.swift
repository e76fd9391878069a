/// Some samples of a data set, made ready for a network.
public struct Batch: Sendable {
  /// [N, ...], the samples.
  public let inputs: Tensor
  /// [N], the class of each.
  public let labels: IndexTensor
  /// [N, K], 1 for each class that a sample has; nil where each has exactly one.
  public let targets: Tensor?
  /// Where each sample stands in the part of the data set that it comes from.
  public let indices: [Int]

  /// Samples with their classes; with `targets` any number of them, and `labels` the first of each.
  public init(inputs: Tensor, labels: IndexTensor, targets: Tensor? = nil, indices: [Int]) {
    self.inputs = inputs
    self.labels = labels
    self.targets = targets
    self.indices = indices
  }

  /// N.
  public var count: Int { indices.count }
}

/// Something that yields the samples of an epoch in batches; a loader.
public protocol BatchSource: Sendable {
  /// How many samples an epoch has.
  var sampleCount: Int { get }

  /// How many batches an epoch has.
  var batchCount: Int { get }

  /// The batches of one epoch, counted from 1. The order depends on the epoch and on nothing else, so a run that is
  /// resumed sees what it would have seen.
  ///
  /// - Parameters:
  ///   - epoch: which epoch, from 1.
  ///   - first: how many batches to pass over, 0 for none.
  /// - Returns: an iterator; `next` throws what went wrong while a batch was made.
  func batches(epoch: Int, startingAt first: Int) -> any BatchIterator
}

/// The batches of one epoch, one after the other.
public protocol BatchIterator {
  /// The next batch, nil after the last.
  mutating func next() throws -> Batch?
}
