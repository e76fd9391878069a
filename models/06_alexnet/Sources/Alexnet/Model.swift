import Engine
import Utils

/// AlexNet for pictures of 32 x 32 pixels: the paper's five convolutions and three fully connected layers, all narrower.
///
/// Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012, §3. The widths
/// keep the paper's 96, 256, 384, 384, 256 to a multiple of `width`: 1, 3, 4, 4, 3. Departures: one column and not two;
/// 5x5 with stride 1 at the input instead of 11x11 with stride 4; hidden layers of 16 `width` units, not 4096; with
/// `batch` norm every convolution is followed by it (Ioffe and Szegedy 2015) and the local response normalisation is gone.
/// The full-size network is `Backbones.AlexNet`.
public final class SmallAlexNet: ConvolutionalNetwork {
  let conv1, conv2, conv3, conv4, conv5: Conv2d
  let bn1, bn2, bn3, bn4, bn5: BatchNorm2d?
  let fc6, fc7, fc8: Linear
  private let activation: Activation
  private let response: LocalResponseNorm?
  private let dropout: Float

  /// A network for `classes` classes, by default with 0.3 million parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of a picture.
  ///   - width: channels of the first convolution.
  ///   - dropout: the share of units that each of the two hidden layers does without in training.
  ///   - start: how the weights begin.
  public init(
    inputs: Int = 3, classes: Int, width: Int = 16, activation: Activation = .relu, norm: Norm = .response,
    dropout: Float = 0.5, start: Start = .he, using random: inout RandomStream
  ) {
    conv1 = Conv2d(inputs, width, kernel: 5, padding: 2, using: &random)
    conv2 = Conv2d(width, 3 * width, kernel: 5, padding: 2, using: &random)
    conv3 = Conv2d(3 * width, 4 * width, kernel: 3, padding: 1, using: &random)
    conv4 = Conv2d(4 * width, 4 * width, kernel: 3, padding: 1, using: &random)
    conv5 = Conv2d(4 * width, 3 * width, kernel: 3, padding: 1, using: &random)
    func batchNorm(_ channels: Int) -> BatchNorm2d? { norm == .batch ? BatchNorm2d(channels) : nil }
    (bn1, bn2, bn3) = (batchNorm(width), batchNorm(3 * width), batchNorm(4 * width))
    (bn4, bn5) = (batchNorm(4 * width), batchNorm(3 * width))
    fc6 = Linear(27 * width, 16 * width, using: &random)
    fc7 = Linear(16 * width, 16 * width, using: &random)
    fc8 = Linear(16 * width, classes, using: &random)
    self.activation = activation
    // §3.3: k = 2, n = 5, alpha = 1e-4, beta = 0.75; as in PyTorch, our alpha is divided by n.
    response = norm == .response ? LocalResponseNorm(5, alpha: 5e-4, beta: 0.75, k: 2) : nil
    self.dropout = dropout
    initialize { start.values($0, $1, using: &random) }
  }

  /// The maps of the first, the second and the last convolution of `x` [N, C, 32, 32]; smaller pictures get a frame of zeros.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let first = units(conv1, bn1, x.padded(toAtLeast: 32))  // [N, width, 32, 32]
    let second = units(conv2, bn2, halved(response?(first) ?? first))  // [N, 3 width, 15, 15]
    let third = units(conv3, bn3, halved(response?(second) ?? second))  // [N, 4 width, 7, 7]
    let last = units(conv5, bn5, units(conv4, bn4, third))  // [N, 3 width, 7, 7]
    return [("conv1", first), ("conv2", second), ("conv5", last)]
  }

  /// Logits [N, K] of the last convolution's `maps` [N, 3 width, 7, 7].
  public func classify(_ maps: Tensor) -> Tensor {
    var x = halved(maps).flattened(from: 1)  // [N, 27 width]
    x = activation(fc6(Engine.dropout(x, dropout)))  // [N, 16 width]
    x = activation(fc7(Engine.dropout(x, dropout)))
    return fc8(x)
  }

  /// The largest of 3 x 3 every two places: the windows overlap, §3.4.
  private func halved(_ x: Tensor) -> Tensor { maxPool2d(x, 3, stride: 2) }

  private func units(_ conv: Conv2d, _ norm: BatchNorm2d?, _ x: Tensor) -> Tensor {
    let sums = conv(x)
    return activation(norm?(sums) ?? sums)
  }
}

/// What follows a convolution's sums.
public enum Norm: String, CaseIterable, Sendable {
  /// Local response normalisation after the first two convolutions, as in the paper.
  case response
  /// Batch normalisation after every convolution.
  case batch
  /// Nothing.
  case none
}

/// What a unit makes of its sum.
public enum Activation: String, CaseIterable, Sendable {
  /// max(0, x), §3.1.
  case relu
  /// The hyperbolic tangent: what was usual before.
  case tanh

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: Engine.relu(x)
    case .tanh: Engine.tanh(x)
    }
  }
}

/// How the weights begin.
public enum Start: String, CaseIterable, Sendable {
  /// Normal, by the number of inputs (He et al. 2015), of the last layer with deviation 0.01; biases 0.
  case he
  /// Normal with deviation 0.01; biases 1 in the second, fourth and fifth convolution and the hidden layers, else 0: §5.
  case paper

  /// First values for the parameter `name` of this shape; nil for those of a normalisation.
  func values(_ name: String, _ shape: Shape, using random: inout RandomStream) -> Tensor? {
    switch (self, shape.count) {
    case (.he, 2...) where name != "fc8.weight": .heNormal(shape, fan: .inputs, using: &random)
    case (_, 2...): .normal(deviation: 0.01, shape: shape, using: &random)
    case (.paper, _) where Self.awake.contains(name): Tensor(repeating: 1, shape: shape)
    default: name.hasPrefix("bn") ? nil : Tensor(repeating: 0, shape: shape)
    }
  }

  /// The biases that give a ReLU something to pass on from the first step.
  private static let awake = ["conv2.bias", "conv4.bias", "conv5.bias", "fc6.bias", "fc7.bias"]
}
