import Engine
import Utils

/// R3D-18: a ResNet whose convolutions reach over time as well. Tran, Wang, Torresani, Ray, LeCun, Paluri, "A Closer
/// Look at Spatiotemporal Convolutions for Action Recognition", 2018, §3.2.
public final class VideoResNet: Layer {
  let stem: Sequential
  let layer1, layer2, layer3, layer4: Sequential
  let fc: Linear

  /// A network for `classes` classes, 33.4 million parameters for the 400 of Kinetics.
  public init(classes: Int = 400, using random: inout RandomStream) {
    stem = Sequential(
      Conv3d(3, 64, kernel: [3, 7, 7], stride: [1, 2, 2], padding: [1, 3, 3], bias: false, using: &random),
      BatchNorm3d(64), ReLU())
    layer1 = Sequential(
      VideoBlock(64, 64, using: &random), VideoBlock(64, 64, using: &random))
    layer2 = Sequential(
      VideoBlock(64, 128, stride: 2, using: &random), VideoBlock(128, 128, using: &random))
    layer3 = Sequential(
      VideoBlock(128, 256, stride: 2, using: &random), VideoBlock(256, 256, using: &random))
    layer4 = Sequential(
      VideoBlock(256, 512, stride: 2, using: &random), VideoBlock(512, 512, using: &random))
    fc = Linear(512, classes, using: &random)
    initialize { name, shape in
      switch shape.count {
      case 5: .heNormal(shape, using: &random)
      case 2: .normal(deviation: 0.01, shape: shape, using: &random)
      default: name == "fc.bias" ? Tensor(repeating: 0, shape: shape) : nil
      }
    }
  }

  /// Logits [N, K] of films `x` [N, 3, T, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, 16, 112, 112]
    let x = layer4(layer3(layer2(layer1(stem(x)))))  // [N, 512, 2, 7, 7]
    return fc(adaptiveAvgPool3d(x, 1).flattened(from: 1))
  }
}

/// Two 3x3x3 convolutions beside a shortcut.
final class VideoBlock: Layer {
  let conv1, conv2: Sequential
  let downsample: Sequential?

  init(_ inputs: Int, _ width: Int, stride: Int = 1, using random: inout RandomStream) {
    conv1 = Sequential(
      Conv3d(inputs, width, kernel: 3, stride: stride, padding: 1, bias: false, using: &random),
      BatchNorm3d(width), ReLU())
    conv2 = Sequential(
      Conv3d(width, width, kernel: 3, padding: 1, bias: false, using: &random), BatchNorm3d(width))
    downsample =
      stride == 1
      ? nil
      : Sequential(
        Conv3d(inputs, width, kernel: 1, stride: stride, bias: false, using: &random), BatchNorm3d(width))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, T, H, W]
    relu(conv2(conv1(x)) + (downsample?(x) ?? x))
  }
}
