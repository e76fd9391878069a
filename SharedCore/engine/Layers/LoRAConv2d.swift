import Utils

/// A frozen convolution with a low-rank correction that learns: y = base(x) + B(A(x)).
///
/// A is a convolution like the base into `rank` channels, B a 1x1 convolution from there to the outputs. B starts at 0, so
/// that at first the layer is its base. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2022, §4.1;
/// departure: without the factor alpha / rank, which the learning rate can stand for.
public final class LoRAConv2d: Layer {
  let base_layer: Conv2d
  let lora_A, lora_B: Conv2d

  /// Freezes `base` and puts a correction beside it; traps for grouped convolutions.
  public init(_ base: Conv2d, rank: Int, using random: inout RandomStream) {
    let (walk, weight) = (base.walk, base.weight.shape)
    require(walk.groups == 1, "LoRAConv2d: the base has \(walk.groups) groups, and one is needed")
    base.freeze()
    base_layer = base
    lora_A = Conv2d(
      weight[1], rank, kernel: [weight[2], weight[3]], stride: walk.stride, padding: walk.padding,
      dilation: walk.dilation, bias: false, using: &random)
    lora_B = Conv2d(rank, weight[0], kernel: 1, bias: false, using: &random)
    lora_B.initialize { _, shape in Tensor(repeating: 0, shape: shape) }
  }

  /// The output for `x` [N, C, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor { base_layer(x) + lora_B(lora_A(x)) }
}
