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
  ///   - targetAugmentations: changes made to each image and to the classes that it shows, one after the other, before
  ///     all others.
  ///   - transforms: changes made to each sample, one after the other, before preprocessing.
  ///   - transformSeed: what the random numbers of the transforms depend on; `shuffleSeed` or 0 when nil.
  ///   - preprocessing: standardisation or normalisation.
  ///   - prefetchThreads: threads that make batches ahead; chosen by the work of a batch when nil.
  public init(
    _ source: some SampleSource, batchSize: Int? = nil, shuffleSeed: UInt64? = nil,
    sampling: Sampling? = nil, targetAugmentations: [any TargetAugmentation] = [],
    transforms: [SampleTransform] = [], transformSeed: UInt64? = nil, preprocessing: Preprocessing = .none,
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
      targetAugmentations: targetAugmentations, transforms: transforms,
      transformSeed: transformSeed ?? shuffleSeed ?? 0, preprocessing: preprocessing)
    self.prefetchThreads =
      prefetchThreads
      ?? Self.threads(
        batchNumbers: self.batchSize * source.sampleShape.elementCount,
        isInMemory: (source as? Dataset)?.isInMemory == true && transforms.isEmpty
          && targetAugmentations.isEmpty)
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

extension Dataset {
  /// All samples as a network sees them: [N, ...], prepared as `preprocessing` says. Throws where an image cannot be read.
  public func inputs(_ preprocessing: Preprocessing = .none) throws -> Tensor {
    var batches = Loader(self, preprocessing: preprocessing, prefetchThreads: 0).batches(epoch: 1)
    return try batches.next()?.inputs ?? Tensor(repeating: 0, shape: Shape([0] + Array(sampleShape)))
  }
}
