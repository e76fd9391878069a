import Engine
import Utils

/// LeNet-5 as it is read today: what AlexNet is measured against, with the same recipe.
///
/// LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, §II.B. Departures:
/// ReLU for the scaled tanh; max pooling; C3 sees all of S2; three channels of colour. The network of 1998 is model 05.
public final class LeNet: ConvolutionalNetwork {
  let conv1, conv2: Conv2d
  let fc1, fc2, fc3: Linear

  /// A network for `classes` classes, with 62 thousand parameters for 10.
  public init(inputs: Int = 3, classes: Int, using random: inout RandomStream) {
    conv1 = Conv2d(inputs, 6, kernel: 5, using: &random)
    conv2 = Conv2d(6, 16, kernel: 5, using: &random)
    fc1 = Linear(400, 120, using: &random)
    fc2 = Linear(120, 84, using: &random)
    fc3 = Linear(84, classes, using: &random)
  }

  /// The maps of both convolutions of `x` [N, C, 32, 32]; smaller pictures get a frame of zeros.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let first = relu(conv1(x.padded(toAtLeast: 32)))  // [N, 6, 28, 28]
    return [("conv1", first), ("conv2", relu(conv2(maxPool2d(first, 2))))]  // [N, 16, 10, 10]
  }

  /// Logits [N, K] of the second convolution's `maps` [N, 16, 10, 10].
  public func classify(_ maps: Tensor) -> Tensor {
    let x = maxPool2d(maps, 2).flattened(from: 1)  // [N, 400]
    return fc3(relu(fc2(relu(fc1(x)))))
  }
}
