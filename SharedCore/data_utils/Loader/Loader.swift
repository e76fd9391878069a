import Engine
import Utils

/// The samples of a data set in batches: in order or shuffled anew each epoch, preprocessed, made ahead by threads.
///
/// What a batch holds depends on the seed, the epoch and its number, never on the threads that made it.
public struct Loader: BatchSource {
  /// Where the samples come from.
  public let source: any SampleSource
  /// How many samples a batch has; the last of an epoch may have fewer.
  public let batchSize: Int
  /// How many threads make batches ahead; 0 when `next` makes each itself.
  public let prefetchThreads: Int
  private let maker: BatchMaker

  /// A loader of `source`.
  ///
  /// - Parameters:
  ///   - source: the samples.
  ///   - batchSize: how many at a time, at least 1; all of them when nil.
  ///   - shuffleSeed: what the order depends on, together with the epoch; the order of the source when nil.
  ///   - sampling: which samples an epoch has, where rare classes shall be seen more often; their order is then random.
  ///   - transforms: changes made to each sample, one after the other, before preprocessing.
  ///   - transformSeed: what the random numbers of the transforms depend on; `shuffleSeed` or 0 when nil.
  ///   - preprocessing: standardisation or normalisation.
  ///   - prefetchThreads: threads that make batches ahead; chosen by the work of a batch when nil.
  public init(
    _ source: some SampleSource, batchSize: Int? = nil, shuffleSeed: UInt64? = nil,
    sampling: Sampling? = nil, transforms: [SampleTransform] = [], transformSeed: UInt64? = nil,
    preprocessing: Preprocessing = .none,
    prefetchThreads: Int? = nil
  ) {
    require(batchSize ?? 1 > 0, "a batch has at least one sample, not \(batchSize ?? 0)")
    require(prefetchThreads ?? 0 >= 0, "\(prefetchThreads ?? 0) threads cannot make batches")
    require(
      sampling.map { $0.sampleCount == source.count } ?? true,
      "a sampling of \(sampling?.sampleCount ?? 0) samples for \(source.count)")
    preprocessing.check(source.sampleShape)
    self.source = source
    self.batchSize = batchSize ?? max(source.count, 1)
    maker = BatchMaker(
      source: source, batchSize: self.batchSize, shuffleSeed: shuffleSeed, sampling: sampling,
      transforms: transforms,
      transformSeed: transformSeed ?? shuffleSeed ?? 0, preprocessing: preprocessing)
    self.prefetchThreads =
      prefetchThreads
      ?? Self.threads(
        batchNumbers: self.batchSize * source.sampleShape.elementCount,
        isInMemory: source is Dataset && transforms.isEmpty)
  }

  /// How many samples an epoch has.
  public var sampleCount: Int { maker.count }

  /// How many batches an epoch has.
  public var batchCount: Int { (sampleCount + batchSize - 1) / batchSize }

  /// The batches of one epoch, counted from 1, without the `first` ones.
  public func batches(epoch: Int, startingAt first: Int = 0) -> any BatchIterator {
    require(first >= 0, "an epoch cannot start at batch \(first)")
    let plan = BatchPlan(maker: maker, epoch: epoch, batchCount: batchCount)
    if prefetchThreads == 0 || batchCount - first <= 1 { return InlineBatches(plan, startingAt: first) }
    return PrefetchedBatches(plan, startingAt: first, threads: prefetchThreads)
  }

  /// How many threads make batches ahead when nobody says.
  ///
  /// Handing a batch over costs about 12 µs, in which 20,000 numbers of a data set in memory are made. Only a batch of
  /// far more is worth a second thread, which takes time from the network's own.
  private static func threads(batchNumbers: Int, isInMemory: Bool) -> Int {
    isInMemory && batchNumbers < 1_000_000 ? 0 : 2
  }
}

/// What it takes to make any batch of any epoch.
struct BatchMaker: Sendable {
  let source: any SampleSource
  let batchSize: Int
  let shuffleSeed: UInt64?
  let sampling: Sampling?
  let transforms: [SampleTransform]
  let transformSeed: UInt64
  let preprocessing: Preprocessing

  /// How many samples an epoch has.
  var count: Int { sampling?.count ?? source.count }

  /// The samples in the order of `epoch`.
  func order(epoch: Int) -> [Int] {
    if let sampling {
      var stream = RandomStream(seed: shuffleSeed ?? 0, purpose: "sampling", number: epoch)
      return sampling.order(using: &stream)
    }
    guard let shuffleSeed else { return Array(0..<source.count) }
    var stream = RandomStream(seed: shuffleSeed, purpose: "shuffle", number: epoch)
    return stream.permutation(of: source.count)
  }

  /// The batch of the samples `indices` in `epoch`.
  func batch(_ indices: ArraySlice<Int>, epoch: Int) throws -> Batch {
    let shape = source.sampleShape
    let inputs = try Tensor(shape: Shape([indices.count] + shape)) { numbers in
      try source.read(indices, into: &numbers)
      if !transforms.isEmpty { try transform(&numbers, indices, shape, epoch) }
      preprocessing.apply(to: &numbers, shape: shape)
    }
    return Batch(
      inputs: inputs, labels: IndexTensor(indices.map(source.label)), targets: targets(indices),
      indices: Array(indices))
  }

  /// [N, K], where samples may have any number of classes.
  private func targets(_ indices: ArraySlice<Int>) -> Tensor? {
    guard let first = indices.first, let classes = source.targets(first)?.count else { return nil }
    let rows = indices.flatMap { source.targets($0) ?? [] }
    return Tensor(rows.map(Float.init), shape: [indices.count, classes])
  }

  private func transform(
    _ numbers: inout MutableSpan<Float>, _ indices: ArraySlice<Int>, _ shape: Shape, _ epoch: Int
  ) throws {
    let width = shape.elementCount
    try numbers.withUnsafeMutableBufferPointer { buffer in
      for (position, index) in indices.enumerated() {
        // The two counters share one number: 2^20 epochs of 2^43 samples never meet.
        var random = RandomStream(seed: transformSeed, purpose: "transform", number: index << 20 | epoch)
        let range = position * width..<(position + 1) * width
        var sample = UnsafeMutableBufferPointer(rebasing: buffer[range]).mutableSpan
        for transform in transforms { try transform(&sample, shape, &random) }
      }
    }
  }
}

/// The batches of one epoch by number.
struct BatchPlan: Sendable {
  let maker: BatchMaker
  let epoch: Int
  let batchCount: Int
  let order: [Int]

  init(maker: BatchMaker, epoch: Int, batchCount: Int) {
    self.maker = maker
    self.epoch = epoch
    self.batchCount = batchCount
    order = maker.order(epoch: epoch)
  }

  func batch(_ number: Int) throws -> Batch {
    let start = number * maker.batchSize
    return try maker.batch(order[start..<min(start + maker.batchSize, order.count)], epoch: epoch)
  }
}

/// Batches made when they are asked for, by who asks; none after an error.
struct InlineBatches: BatchIterator {
  private let plan: BatchPlan
  private var remaining: Range<Int>

  init(_ plan: BatchPlan, startingAt first: Int) {
    self.plan = plan
    remaining = min(first, plan.batchCount)..<plan.batchCount
  }

  mutating func next() throws -> Batch? {
    guard let number = remaining.popFirst() else { return nil }
    do {
      return try plan.batch(number)
    } catch {
      remaining = remaining.suffix(0)
      throw error
    }
  }
}
