import Backbones
import Engine
import Utils

/// VGG-11 for pictures of 32 x 32 pixels: what GoogLeNet is measured against. The same network as model 07's.
///
/// Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014, table 1, A.
/// Departures: five halvings leave one place of 32 x 32; batch normalisation where asked for; every width divided by
/// 64 / `width`.
public final class VGG11: ConvolutionalNetwork {
  let features, classifier: Sequential

  /// A network for `classes` classes, by default with 1.8 million parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of a picture.
  ///   - width: channels of the first stage, 64 in the paper; the hidden layers have 64 `width` units, 4096 in the paper.
  ///   - batchNorm: with normalisation after every convolution.
  ///   - dropout: the share of units that each hidden layer loses in training.
  public init(
    inputs: Int = 3, classes: Int, width: Int = 16, batchNorm: Bool = true, dropout: Float = 0.2,
    using random: inout RandomStream
  ) {
    var layers: [any Layer] = []
    var channels = inputs
    for (factor, convolutions) in zip(Self.widths, VGG.Depth.vgg11.convolutions) {
      for _ in 0..<convolutions {
        layers.append(Conv2d(channels, factor * width, kernel: 3, padding: 1, using: &random))
        if batchNorm { layers.append(BatchNorm2d(factor * width)) }
        layers.append(ReLU())
        channels = factor * width
      }
      layers.append(MaxPool2d(2))
    }
    features = Sequential(layers)
    let hidden = 64 * width
    classifier = Sequential(
      Linear(channels, hidden, using: &random), ReLU(), Dropout(dropout),
      Linear(hidden, hidden, using: &random), ReLU(), Dropout(dropout),
      Linear(hidden, classes, using: &random))
    initialize { name, shape in
      switch shape.count {
      case 2 where name == "classifier.6.weight": .normal(deviation: 0.01, shape: shape, using: &random)
      case 2...: .heNormal(shape, fan: .inputs, using: &random)
      default: name.hasSuffix("bias") ? Tensor(repeating: 0, shape: shape) : nil
      }
    }
  }

  /// The maps before each pooling of `x` [N, C, 32, 32]; smaller pictures get a frame of zeros.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    features.stages(x.padded(toAtLeast: 32), endingBefore: MaxPool2d.self)
  }

  /// Logits [N, K] of the last convolution's `maps` [N, 8 width, 2, 2].
  public func classify(_ maps: Tensor) -> Tensor { classifier(maxPool2d(maps, 2).flattened(from: 1)) }

  /// What `width` is multiplied by in each stage: 64, 128, 256, 512, 512 in the paper.
  private static let widths = [1, 2, 4, 8, 8]

  /// How many weights the convolutions and the linear layers of such a network have.
  static func weightCount(inputs: Int, classes: Int, width: Int) -> Int {
    // Eight convolutions: inputs to 1, 1 to 2, 2 to 4, 4 to 4, 4 to 8 and three of 8 to 8 widths.
    9 * width * (inputs + 250 * width) + 64 * width * (72 * width + classes)
  }
}
