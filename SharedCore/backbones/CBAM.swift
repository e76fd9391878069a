import Engine
import Utils

/// A convolutional block attention module: weighs channels, then places. Woo, Park, Lee, Kweon, "CBAM: Convolutional
/// Block Attention Module", 2018, §3.
///
/// Departure: biases in all three layers and no batch normalisation in the second step.
public final class CBAM: Layer {
  let mlp: Sequential
  let spatial: Conv2d

  /// A module for `channels` channels, of which a `reduction`th remains in the middle.
  public init(_ channels: Int, reduction: Int = 16, using random: inout RandomStream) {
    require(
      channels >= reduction && reduction >= 1,
      "CBAM: \(channels) channels cannot be reduced \(reduction) times")
    mlp = Sequential(
      Linear(channels, channels / reduction, using: &random), ReLU(),
      Linear(channels / reduction, channels, using: &random))
    spatial = Conv2d(2, 1, kernel: 7, padding: 3, using: &random)
  }

  /// `x` [N, C, H, W] with every channel and every place made weaker as it matters less.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = x * channelWeights(x)
    return y * placeWeights(y)
  }

  /// What matters: one perceptron judges means and largest numbers; §3, equation 2.
  private func channelWeights(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, C, 1, 1]
    let mean = mlp(adaptiveAvgPool2d(x, 1).flattened(from: 1))
    let largest = mlp(adaptiveMaxPool2d(x, 1).flattened(from: 1))
    return sigmoid(mean + largest).reshaped(to: [x.shape[0], x.shape[1], 1, 1])
  }

  /// Where it matters: a convolution over the mean and the largest of the channels; equation 3.
  private func placeWeights(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, 1, H, W]
    let summary = [x.mean(over: 1, keepingDimension: true), x.max(over: 1, keepingDimension: true)]
    return sigmoid(spatial(concatenate(summary, along: 1)))
  }
}
