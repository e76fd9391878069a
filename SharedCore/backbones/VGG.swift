import Engine
import Utils

/// VGG: nothing but 3x3 convolutions, deep. Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale
/// Image Recognition", 2015, §2 and table 1.
///
/// Departures: optional batch normalisation, which came later; He's initial weights, with which the deep ones need no
/// training in steps.
public final class VGG: Layer {
  /// A row of the paper's table 1, by its number of layers with weights.
  public enum Depth: Int, CaseIterable, Sendable {
    case vgg11 = 11
    case vgg13 = 13
    case vgg16 = 16
    case vgg19 = 19

    /// How many convolutions each of the five stages has.
    public var convolutions: [Int] {
      switch self {
      case .vgg11: [1, 1, 2, 2, 2]  // A
      case .vgg13: [2, 2, 2, 2, 2]  // B
      case .vgg16: [2, 2, 3, 3, 3]  // D
      case .vgg19: [2, 2, 4, 4, 4]  // E
      }
    }
  }

  let features, classifier: Sequential

  /// A network of `depth` layers, 132.9 million parameters for `.vgg11` and 1000 classes.
  public init(
    _ depth: Depth, classes: Int = 1000, batchNorm: Bool = false, dropout: Float = 0.5,
    using random: inout RandomStream
  ) {
    var layers: [any Layer] = []
    var channels = 3
    for (width, convolutions) in zip([64, 128, 256, 512, 512], depth.convolutions) {
      for _ in 0..<convolutions {
        layers.append(Conv2d(channels, width, kernel: 3, padding: 1, using: &random))
        if batchNorm { layers.append(BatchNorm2d(width)) }
        layers.append(ReLU())
        channels = width
      }
      layers.append(MaxPool2d(2))
    }
    features = Sequential(layers)
    classifier = Sequential(
      Linear(512 * 7 * 7, 4096, using: &random), ReLU(), Dropout(dropout),
      Linear(4096, 4096, using: &random), ReLU(), Dropout(dropout),
      Linear(4096, classes, using: &random))
    initialize { name, shape in
      switch shape.count {
      case 4: .heNormal(shape, using: &random)
      case 2: .normal(deviation: 0.01, shape: shape, using: &random)
      default: name.hasSuffix("bias") ? Tensor(repeating: 0, shape: shape) : nil
      }
    }
  }

  /// Logits [N, K] of `x` [N, 3, H, W]; pictures of other sizes than 224 are pooled to fit the classifier.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    classifier(adaptiveAvgPool2d(features(x), 7).flattened(from: 1))
  }
}
