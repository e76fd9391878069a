import Utils

/// Samples that are mixed in pairs while a network learns, so that it answers softly between them.
///
/// With both kinds, a coin decides for each batch, as in timm.
public struct BatchMixing: Equatable, Sendable {
  /// Zhang, Cissé, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", 2018: x = l x_i + (1 - l) x_j with l
  /// from the beta distribution (alpha, alpha); nil for none.
  public var mixup: Double?
  /// Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", 2019: a box of x_i
  /// is taken from x_j, l being the share that stays; nil for none.
  public var cutmix: Double?

  /// A mixing with these alphas, each above 0.
  public init(mixup: Double? = nil, cutmix: Double? = nil) {
    require((mixup ?? 1) > 0 && (cutmix ?? 1) > 0, "mixing needs an alpha above 0")
    self.mixup = mixup
    self.cutmix = cutmix
  }

  /// The batch, each sample mixed with another one of it.
  public func callAsFunction(_ batch: Batch, using random: inout RandomStream) -> MixedBatch {
    let partners = random.permutation(of: batch.count)
    func share(_ alpha: Double) -> Float { Float(random.beta(alpha, alpha)) }
    switch (mixup, cutmix) {
    case (nil, nil): return MixedBatch(batch)
    case (let alpha?, nil): return Self.blended(batch, partners, share(alpha))
    case (nil, let alpha?): return Self.cut(batch, partners, share(alpha), using: &random)
    case (let mixup?, let cutmix?):
      return random.uniform() < 0.5
        ? Self.blended(batch, partners, share(mixup))
        : Self.cut(batch, partners, share(cutmix), using: &random)
    }
  }

  private static func blended(_ batch: Batch, _ partners: [Int], _ share: Float) -> MixedBatch {
    MixedBatch(batch, partners, share) { x, partner, width in
      for i in 0..<width { x[i] = share * x[i] + (1 - share) * partner[i] }
    }
  }

  /// A box whose sides are sqrt(1 - share) of the image's around a random place, cut off at its edges.
  private static func cut(
    _ batch: Batch, _ partners: [Int], _ share: Float, using random: inout RandomStream
  ) -> MixedBatch {
    let shape = batch.inputs.shape
    require(shape.count == 4, "cutmix: images [N, C, H, W] are needed, got \(shape)")
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let side = Double(1 - share).squareRoot()
    func range(_ size: Int) -> Range<Int> {
      let (middle, half) = (random.index(below: max(size, 1)), Int(side * Double(size)) / 2)
      return max(middle - half, 0)..<min(middle + half, size)
    }
    let (rows, columns) = (range(height), range(width))
    let kept = 1 - Float(rows.count * columns.count) / Float(max(height * width, 1))
    return MixedBatch(batch, partners, kept) { x, partner, _ in
      for c in 0..<channels {
        for row in rows {
          for column in columns {
            let place = (c * height + row) * width + column
            x[place] = partner[place]
          }
        }
      }
    }
  }
}

/// A batch whose samples are mixtures of two: the classes of both, and how much the first counts.
public struct MixedBatch: Sendable {
  /// [N, ...], the mixtures.
  public let inputs: Tensor
  /// [N], the classes of the first and of the second.
  public let labels, partnerLabels: IndexTensor
  /// How much the first counts, 0...1.
  public let share: Float
  /// [N, K], those of the first and of the second where samples have any number of classes.
  private let classes: (first: Tensor, second: Tensor)?

  init(_ batch: Batch) {
    (inputs, labels, partnerLabels, share) = (batch.inputs, batch.labels, batch.labels, 1)
    classes = batch.targets.map { ($0, $0) }
  }

  /// `mix` changes a sample, given its partner and how many numbers they have.
  init(
    _ batch: Batch, _ partners: [Int], _ share: Float,
    _ mix: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) {
    let before = batch.inputs.elements
    let width = before.count / Swift.max(batch.count, 1)
    var mixed = before
    before.withUnsafeBufferPointer { before in
      mixed.withUnsafeMutableBufferPointer { mixed in
        guard let old = before.baseAddress, let new = mixed.baseAddress else { return }
        for (n, partner) in partners.enumerated() { mix(new + n * width, old + partner * width, width) }
      }
    }
    inputs = Tensor(mixed, shape: batch.inputs.shape)
    labels = batch.labels
    partnerLabels = IndexTensor(partners.map { batch.labels.elements[$0] }, shape: batch.labels.shape)
    self.share = share
    classes = batch.targets.map {
      ($0, $0.selected(along: 0, at: IndexTensor(partners.map { Int32($0) })))
    }
  }

  /// The loss against both classes: share loss(y, first) + (1 - share) loss(y, second).
  public func loss(_ loss: Loss, of outputs: Tensor) -> Tensor {
    if let classes {
      guard share < 1 else { return loss(outputs, classes.first) }
      return loss(outputs, classes.first) * share + loss(outputs, classes.second) * (1 - share)
    }
    guard share < 1 else { return loss(outputs, labels) }
    return loss(outputs, labels) * share + loss(outputs, partnerLabels) * (1 - share)
  }

  /// The same as probabilities [N, K]: what `crossEntropy(_:probabilities:)` takes.
  public func targets(classes: Int) -> Tensor {
    Tensor(shape: [labels.count, classes]) { t in
      for i in 0..<t.count { t[i] = 0 }
      for n in 0..<labels.count {
        t[n * classes + Int(labels.elements[n])] += share
        t[n * classes + Int(partnerLabels.elements[n])] += 1 - share
      }
    }
  }
}
