import Engine
import Utils

/// A convolutional block attention module: weighs channels, then places. Woo, Park, Lee, Kweon, "CBAM: Convolutional
/// Block Attention Module", 2018, §3.
///
/// Departure: no batch normalisation behind the convolution over places.
public final class CBAM: Layer {
  let channel: ChannelAttention
  let spatial: SpatialAttention

  /// A module for `channels` channels, of which a `reduction`th, but at least one, remains in the middle.
  ///
  /// Without biases it has 2 C (C / reduction) + 98 parameters.
  public init(_ channels: Int, reduction: Int = 16, bias: Bool = false, using random: inout RandomStream) {
    channel = ChannelAttention(channels, reduction: reduction, bias: bias, using: &random)
    spatial = SpatialAttention(bias: bias, using: &random)
  }

  /// `x` [N, C, H, W] with every channel and every place made weaker as it matters less.
  public func callAsFunction(_ x: Tensor) -> Tensor { spatial(channel(x)) }

  /// How much each place of `x` [N, C, H, W] matters, 0 to 1: [N, H, W].
  public func places(_ x: Tensor) -> Tensor {
    spatial.weights(channel(x)).reshaped(to: [x.shape[0], x.shape[2], x.shape[3]])
  }
}

/// What matters: one perceptron judges the means and the largest numbers of the channels; §3, equation 2.
final class ChannelAttention: Layer {
  let mlp: Sequential

  init(_ channels: Int, reduction: Int, bias: Bool, using random: inout RandomStream) {
    require(channels >= 1 && reduction >= 1, "CBAM: \(channels) channels reduced \(reduction) times")
    let hidden = max(channels / reduction, 1)
    mlp = Sequential(
      Linear(channels, hidden, bias: bias, using: &random), ReLU(),
      Linear(hidden, channels, bias: bias, using: &random))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W]
    let mean = mlp(adaptiveAvgPool2d(x, 1).flattened(from: 1))
    let largest = mlp(adaptiveMaxPool2d(x, 1).flattened(from: 1))
    return x * sigmoid(mean + largest).reshaped(to: [x.shape[0], x.shape[1], 1, 1])
  }
}

/// Where it matters: a convolution over the mean and the largest of the channels; §3, equation 3.
final class SpatialAttention: Layer {
  let conv: Conv2d

  init(bias: Bool, using random: inout RandomStream) {
    conv = Conv2d(2, 1, kernel: 7, padding: 3, bias: bias, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x * weights(x) }

  func weights(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, 1, H, W]
    let summary = [x.mean(over: 1, keepingDimension: true), x.max(over: 1, keepingDimension: true)]
    return sigmoid(conv(concatenate(summary, along: 1)))
  }
}
