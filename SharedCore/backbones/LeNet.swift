import Engine
import Utils

/// LeNet-5 as it is built today: with ReLU, pooling and logits.
///
/// LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings of the IEEE
/// 86(11), 1998, §II.B. Departures: ReLU for the scaled tanh; the largest of four instead of a trained mean; every map of the
/// second convolution sees all six maps below it; one logit a class instead of distances from drawn digits. Model
/// `05_lenet5` has the network of 1998 beside it.
public final class LeNet: ConvolutionalNetwork {
  let conv1, conv2: Conv2d
  let fc1, fc2, fc3: Linear
  private let side: Int

  /// A network for square images.
  ///
  /// - Parameters:
  ///   - channels: 1 for grey images, 3 for colour.
  ///   - side: 28 or 32 pixels; images of 28 get a frame of two zeros, and smaller ones a wider frame.
  public init(channels: Int = 1, side: Int = 28, classes: Int = 10, using random: inout RandomStream) {
    require(side == 28 || side == 32, "LeNet-5 sees images of 28 or 32 pixels a side, not \(side)")
    self.side = side
    conv1 = Conv2d(channels, 6, kernel: 5, padding: (32 - side) / 2, using: &random)
    conv2 = Conv2d(6, 16, kernel: 5, using: &random)
    fc1 = Linear(400, 120, using: &random)
    fc2 = Linear(120, 84, using: &random)
    fc3 = Linear(84, classes, using: &random)
  }

  /// The maps [N, 6, 28, 28] and [N, 16, 10, 10] that the two convolutions make of images
  /// [N, C, side, side] or smaller ones.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let first = relu(conv1(x.padded(toAtLeast: side)))  // [N, 6, 28, 28]
    let second = relu(conv2(maxPool2d(first, 2)))  // [N, 16, 10, 10]
    return [("conv1", first), ("conv2", second)]
  }

  /// Logits [N, K] for the second convolution's `maps` [N, 16, 10, 10].
  public func classify(_ maps: Tensor) -> Tensor {
    let x = maxPool2d(maps, 2).flattened(from: 1)  // [N, 400]
    return fc3(relu(fc2(relu(fc1(x)))))  // [N, K]
  }
}
