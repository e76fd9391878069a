import Utils

/// A frozen convolution with a low-rank correction, see `LoRA`.
///
/// A is a convolution into r channels, 1x1 or like the base, with the base's stride, and B a 1x1 convolution from there to the
/// outputs: the same numbers as a stride in B, for less work.
public final class LoRAConv2d: LowRankCorrection {
  /// What the adapter is like.
  public let lora: LoRA
  let base, a, b: Conv2d
  let magnitude: Parameter?
  var merged: MergedFactors?

  /// Freezes `base`, which has one group, and puts a correction beside it.
  init(_ base: Conv2d, _ lora: LoRA, using random: inout RandomStream) {
    let (shape, walk) = (base.weight.shape, base.walk)
    self.base = base
    self.lora = lora
    a =
      switch lora.reach {
      case .middle:
        Conv2d(shape[1], lora.rank, kernel: 1, stride: walk.stride, bias: false, using: &random)
      case .kernel:
        Conv2d(
          shape[1], lora.rank, kernel: [shape[2], shape[3]], stride: walk.stride, padding: walk.padding,
          dilation: walk.dilation, bias: false, using: &random)
      }
    b = Conv2d(lora.rank, shape[0], kernel: 1, bias: false, using: &random)
    magnitude = lora.learnsMagnitudes ? Parameter(Self.lengths(base.weight.value)) : nil
    begin(.heUniform(a.weight.shape, gain: .leakyRelu(slope: 0.01), using: &random))
  }

  /// The output for `x` [N, C, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor { output(for: x) }

  var product: Tensor {
    let shape = base.weight.shape
    let seen = matmul(b.weight.value.flattened(from: 1), a.weight.value.flattened(from: 1))
    guard lora.reach == .middle, let middle = base.middle, shape[2] * shape[3] > 1 else {
      return seen.reshaped(to: shape)
    }
    let taps = shape[2] * shape[3]
    let tap = middle[0] * shape[3] + middle[1]
    return Tensor(shape: shape) { all in
      seen.withSpan { seen in
        for place in 0..<all.count { all[place] = place % taps == tap ? seen[place / taps] : 0 }
      }
    }
  }

  func perOutput(_ x: Tensor) -> Tensor { x.reshaped(to: [x.count, 1, 1]) }
}
