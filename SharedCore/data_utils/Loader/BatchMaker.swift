import Engine
import Utils

/// What it takes to make any batch of any epoch.
struct BatchMaker: Sendable {
  let source: any SampleSource
  let batchSize: Int
  let shuffleSeed: UInt64?
  let sampling: Sampling?
  let targetAugmentations: [any TargetAugmentation]
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
  ///
  /// - Parameter repetitions: how often each occurred before in the epoch, so that it is changed in another way each time.
  func batch(_ indices: ArraySlice<Int>, repetitions: ArraySlice<Int>, epoch: Int) throws -> Batch {
    let shape = source.sampleShape
    var rows = indices.compactMap(source.targets)
    let inputs = try Tensor(shape: Shape([indices.count] + shape)) { numbers in
      try source.read(indices, into: &numbers)
      if !transforms.isEmpty || !targetAugmentations.isEmpty {
        try transform(&numbers, &rows, zip(indices, repetitions).map { ($0, $1) }, shape, epoch)
      }
      preprocessing.apply(to: &numbers, shape: shape)
    }
    guard let classes = rows.first?.count else {
      return Batch(inputs: inputs, labels: IndexTensor(indices.map(source.label)), indices: Array(indices))
    }
    return Batch(
      inputs: inputs, labels: IndexTensor(rows.map { Int32($0.firstIndex(of: 1) ?? 0) }),
      targets: Tensor(rows.joined().map(Float.init), shape: [indices.count, classes]),  // [N, K]
      indices: Array(indices))
  }

  private func transform(
    _ numbers: inout MutableSpan<Float>, _ rows: inout [[UInt8]],
    _ samples: [(index: Int, repetition: Int)], _ shape: Shape, _ epoch: Int
  ) throws {
    let width = shape.elementCount
    try numbers.withUnsafeMutableBufferPointer { buffer in
      for (position, (index, repetition)) in samples.enumerated() {
        // The two counters share one number: 2^20 epochs of 2^43 samples never meet.
        let purpose = repetition == 0 ? "transform" : "transform \(repetition)"
        var random = RandomStream(seed: transformSeed, purpose: purpose, number: index << 20 | epoch)
        let range = position * width..<(position + 1) * width
        var sample = UnsafeMutableBufferPointer(rebasing: buffer[range]).mutableSpan
        if !targetAugmentations.isEmpty {
          var content = try content(of: index)
          guard let size = ImageSize(shape) else { trap("samples of \(shape) with masks") }
          for augmentation in targetAugmentations {
            try augmentation.apply(to: &sample, showing: &content, size: size, from: source, using: &random)
          }
          rows[position] = content.targets
        }
        for transform in transforms { try transform(&sample, shape, &random) }
      }
    }
  }
}

extension BatchMaker {
  /// What sample `index` shows; throws where nobody has drawn that.
  private func content(of index: Int) throws -> ImageContent {
    guard let targets = source.targets(index), let mask = source.mask(index) else {
      throw LabError(
        .config, "an augmentation changes what images show, and these have no masks that say where it is",
        remedy: "leave the augmentation out")
    }
    return ImageContent(targets: targets, mask: mask)
  }
}

/// The batches of one epoch by number.
struct BatchPlan: Sendable {
  let maker: BatchMaker
  let epoch: Int
  let batchCount: Int
  let order: [Int]
  /// For each place of the order how often its sample stands before it.
  private let repetitions: [Int]

  init(maker: BatchMaker, epoch: Int, batchCount: Int) {
    self.maker = maker
    self.epoch = epoch
    self.batchCount = batchCount
    let order = maker.order(epoch: epoch)
    var seen = [Int](repeating: 0, count: maker.sampling == nil ? 0 : maker.source.count)
    repetitions =
      maker.sampling == nil
      ? [Int](repeating: 0, count: order.count)
      : order.map { index in
        seen[index] += 1
        return seen[index] - 1
      }
    self.order = order
  }

  func batch(_ number: Int) throws -> Batch {
    let start = number * maker.batchSize
    let places = start..<min(start + maker.batchSize, order.count)
    return try maker.batch(order[places], repetitions: repetitions[places], epoch: epoch)
  }
}
