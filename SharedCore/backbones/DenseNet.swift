import Engine
import Utils

/// DenseNet: every layer sees what all before it have made. Huang, Liu, van der Maaten, Weinberger, "Densely Connected
/// Convolutional Networks", 2017, §3 and table 1, the form with bottlenecks and compression (DenseNet-BC).
public final class DenseNet: Layer {
  let features: Sequential
  let classifier: Linear

  /// A network whose layers add `growth` channels each, in blocks of `depths` layers.
  private init(
    growth: Int, depths: [Int], stem: Int, classes: Int, using random: inout RandomStream
  ) {
    var layers: [(name: String, layer: any Layer)] = [
      ("conv0", Conv2d(3, stem, kernel: 7, stride: 2, padding: 3, bias: false, using: &random)),
      ("norm0", BatchNorm2d(stem)), ("relu0", ReLU()), ("pool0", MaxPool2d(3, stride: 2, padding: 1)),
    ]
    var channels = stem
    for (i, depth) in depths.enumerated() {
      let block = (0..<depth).map { j -> (name: String, layer: any Layer) in
        ("denselayer\(j + 1)", DenseLayer(channels + j * growth, growth, using: &random))
      }
      layers.append(("denseblock\(i + 1)", Sequential(named: block)))
      channels += depth * growth
      if i < depths.count - 1 {
        layers.append(("transition\(i + 1)", Self.transition(channels, using: &random)))
        channels /= 2
      }
    }
    layers.append(("norm5", BatchNorm2d(channels)))
    features = Sequential(named: layers)
    classifier = Linear(channels, classes, using: &random)
    initialize { name, shape in
      if shape.count == 4 { return .heNormal(shape, fan: .inputs, using: &random) }
      return name == "classifier.bias" ? Tensor(repeating: 0, shape: shape) : nil
    }
  }

  /// Half the channels and a quarter of the places.
  private static func transition(_ channels: Int, using random: inout RandomStream) -> Sequential {
    Sequential(named: [
      ("norm", BatchNorm2d(channels)), ("relu", ReLU()),
      ("conv", Conv2d(channels, channels / 2, kernel: 1, bias: false, using: &random)),
      ("pool", AvgPool2d(2)),
    ])
  }

  /// Logits [N, K] of `x` [N, 3, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, 224, 224]
    classifier(adaptiveAvgPool2d(relu(features(x)), 1).flattened(from: 1))  // features [N, 1024, 7, 7]
  }

  /// 121 layers, 8.0 million parameters.
  public static func denseNet121(classes: Int = 1000, using random: inout RandomStream) -> DenseNet {
    DenseNet(growth: 32, depths: [6, 12, 24, 16], stem: 64, classes: classes, using: &random)
  }

  /// 161 layers, which add more channels each; 28.7 million parameters.
  public static func denseNet161(classes: Int = 1000, using random: inout RandomStream) -> DenseNet {
    DenseNet(growth: 48, depths: [6, 12, 36, 24], stem: 96, classes: classes, using: &random)
  }

  /// 169 layers, 14.1 million parameters.
  public static func denseNet169(classes: Int = 1000, using random: inout RandomStream) -> DenseNet {
    DenseNet(growth: 32, depths: [6, 12, 32, 32], stem: 64, classes: classes, using: &random)
  }

  /// 201 layers, 20.0 million parameters.
  public static func denseNet201(classes: Int = 1000, using random: inout RandomStream) -> DenseNet {
    DenseNet(growth: 32, depths: [6, 12, 48, 32], stem: 64, classes: classes, using: &random)
  }
}

/// New channels behind those that came in: a 1x1 convolution to four times as many, then a 3x3; §3.
final class DenseLayer: Layer {
  let norm1: BatchNorm2d
  let conv1: Conv2d
  let norm2: BatchNorm2d
  let conv2: Conv2d

  init(_ inputs: Int, _ growth: Int, using random: inout RandomStream) {
    norm1 = BatchNorm2d(inputs)
    conv1 = Conv2d(inputs, 4 * growth, kernel: 1, bias: false, using: &random)
    norm2 = BatchNorm2d(4 * growth)
    conv2 = Conv2d(4 * growth, growth, kernel: 3, padding: 1, bias: false, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, C + growth, H, W]
    let y = conv1(relu(norm1(x)))
    return concatenate([x, conv2(relu(norm2(y)))], along: 1)
  }
}
