import Utils

/// A frozen layer with a low-rank correction that learns, see `LoRA`.
///
/// Its state is `base_layer.weight`, `base_layer.bias`, `lora_A.weight`, `lora_B.weight` and, where magnitudes are learnt,
/// `lora_magnitude_vector`. Merged it is its base, in computation and in state: `weight`, `bias`.
public protocol LowRankAdapter: Layer {
  /// What the adapter is like.
  var lora: LoRA { get }
  /// Whether the correction stands in the base's weights at present.
  var isMerged: Bool { get }
  /// Adds the correction to the base's weights, so that the layer costs no more than its base; nothing when that was done.
  func merge()
  /// Takes the correction out of the base's weights, which are then as before but for rounding; nothing when it is not in
  /// them.
  func unmerge()
}

/// What the adapters of a linear layer and of a convolution have in common.
protocol LowRankCorrection: LowRankAdapter, CustomReflectable {
  associatedtype Base: WeightedLayer
  var base: Base { get }
  var a: Base { get }
  var b: Base { get }
  /// m [O], where it is learnt.
  var magnitude: Parameter? { get }
  var merged: MergedFactors? { get set }
  /// B A in the shape of the base's weight.
  var product: Tensor { get }
  /// [O], in a shape that multiplies the layer's output.
  func perOutput(_ x: Tensor) -> Tensor
}

/// What each output's weights [O] were multiplied by when a correction was merged; nil for 1.
struct MergedFactors {
  let factors: Tensor?
}

extension LowRankCorrection {
  /// Freezes the base for good; A begins as given and B at 0.
  func begin(_ start: Tensor) {
    for (_, parameter) in base.parameters() { parameter.becomeBase() }
    a.weight.set(start)
    b.weight.set(Tensor(repeating: 0, shape: b.weight.shape))
  }

  /// |w| of each output's weights, [O].
  static func lengths(_ w: Tensor) -> Tensor { w.norm(over: Array(1..<w.shape.count)) }

  /// W x + scale B A x, or with magnitudes m / |W + scale B A| times that.
  func output(for x: Tensor) -> Tensor {
    let weight = base.weight.value
    guard merged == nil else { return base.output(for: x, weight: weight) }
    let low = a.output(for: x, weight: a.weight.value)
    let correction = b.output(for: lora.scale == 1 ? low : lora.scale * low, weight: b.weight.value)
    guard let magnitude else { return base.output(for: x, weight: weight) + correction }
    let y = base.output(for: x, weight: weight, bias: nil) + correction
    let scaled = y * perOutput(magnitude.value / Self.lengths(sum))
    return base.bias.map { scaled + perOutput($0.value) } ?? scaled
  }

  /// W + scale B A, a constant to the gradient.
  private var sum: Tensor { base.weight.value.detached() + lora.scale * constantProduct }

  private var constantProduct: Tensor {
    ForwardContext.$current.withValue(ForwardContext.current.recording(on: nil)) { product }
  }

  /// Whether the correction stands in the base's weights.
  public var isMerged: Bool { merged != nil }

  /// W becomes W + scale B A, or with magnitudes m (W + scale B A) / |W + scale B A|.
  public func merge() {
    guard merged == nil else { return }
    let sum = sum
    let factors = magnitude.map { $0.value.detached() / Self.lengths(sum) }
    base.weight.set(factors.map { sum * perRow($0) } ?? sum)
    merged = MergedFactors(factors: factors)
  }

  /// The reverse of `merge`.
  public func unmerge() {
    guard let merged else { return }
    let weight = base.weight.value.detached()
    let sum = merged.factors.map { weight / perRow($0) } ?? weight
    base.weight.set(sum - lora.scale * constantProduct)
    self.merged = nil
  }

  /// [O] as [O, 1, ...], to multiply weights with.
  private func perRow(_ x: Tensor) -> Tensor {
    x.reshaped(to: Shape([x.count] + [Int](repeating: 1, count: base.weight.shape.count - 1)))
  }

  /// PEFT's names; merged, those of the base alone.
  public var customMirror: Mirror {
    let parts: KeyValuePairs<String, Any> =
      isMerged
      ? ["weight": base.weight, "bias": base.bias as Any]
      : ["base_layer": base, "lora_A": a, "lora_B": b, "lora_magnitude_vector": magnitude as Any]
    return Mirror(self, children: parts, displayStyle: .class)
  }
}
