import Utils

/// A frozen linear layer with a low-rank correction: A [r, I] and B [O, r], see `LoRA`.
public final class LoRALinear: LowRankCorrection {
  /// What the adapter is like.
  public let lora: LoRA
  let base, a, b: Linear
  let magnitude: Parameter?
  var merged: MergedFactors?

  /// Freezes `base` and puts a correction beside it.
  init(_ base: Linear, _ lora: LoRA, using random: inout RandomStream) {
    let (outputs, inputs) = (base.weight.shape[0], base.weight.shape[1])
    self.base = base
    self.lora = lora
    a = Linear(inputs, lora.rank, bias: false, using: &random)
    b = Linear(lora.rank, outputs, bias: false, using: &random)
    magnitude = lora.learnsMagnitudes ? Parameter(Self.lengths(base.weight.value)) : nil
    begin(.normal(deviation: 0.01, shape: a.weight.shape, using: &random))
  }

  /// The output for `x`, [..., I] to [..., O].
  public func callAsFunction(_ x: Tensor) -> Tensor { output(for: x) }

  var product: Tensor { matmul(b.weight.value, a.weight.value) }

  func perOutput(_ x: Tensor) -> Tensor { x }
}
