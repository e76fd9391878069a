import Backbones
import Engine
import Utils

/// VGG for pictures of 32 x 32 pixels: the paper's table 1 with every width divided by 64 / `width`.
///
/// Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014, §2. Departures: five
/// halvings leave one place of 32 x 32, so the first hidden layer sees 8 `width` numbers and not 49 times as many; batch
/// normalisation where asked for (Ioffe and Szegedy 2015); He's initial weights (2015) but for the last layer, where the paper trains the
/// deep ones in steps. The full-size network is `Backbones.VGG`, and the state names are the same.
public final class SmallVGG: ConvolutionalNetwork {
  let features, classifier: Sequential

  /// A network of `depth` layers with weights for `classes` classes.
  ///
  /// - Parameters:
  ///   - inputs: channels of a picture.
  ///   - width: channels of the first stage, 64 in the paper; the hidden layers have 64 `width` units, 4096 in the paper.
  ///   - batchNorm: with normalisation after every convolution.
  ///   - dropout: the share of units that each hidden layer loses in training.
  public init(
    _ depth: VGG.Depth, inputs: Int = 3, classes: Int, width: Int = 16, batchNorm: Bool = true,
    dropout: Float = 0.5, using random: inout RandomStream
  ) {
    var layers: [any Layer] = []
    var channels = inputs
    for (stage, convolutions) in depth.convolutions.enumerated() {
      let outputs = Self.widths[stage] * width
      for _ in 0..<convolutions {
        layers.append(Conv2d(channels, outputs, kernel: 3, padding: 1, using: &random))
        if batchNorm { layers.append(BatchNorm2d(outputs)) }
        layers.append(ReLU())
        channels = outputs
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
  static let widths = [1, 2, 4, 8, 8]

  /// How many weights the convolutions and the linear layers of such a network have.
  static func weightCount(_ depth: VGG.Depth, inputs: Int, classes: Int, width: Int) -> Int {
    var (count, channels) = (0, inputs)
    for (stage, convolutions) in depth.convolutions.enumerated() {
      for _ in 0..<convolutions {
        count += 9 * channels * widths[stage] * width
        channels = widths[stage] * width
      }
    }
    return count + 64 * width * (channels + 64 * width + classes)
  }
}
