import Backbones
import Engine
import Utils

/// The residual networks for small images, and their plain twins: the same layers without the shortcuts.
///
/// He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2015, §4.2: a 3 x 3 convolution, three stages of n
/// blocks with w, 2w and 4w channels at full, half and quarter size, the mean over the picture, one linear layer:
/// 6n + 2 layers with weights. Departures: any width w (16 in the paper) and any number of input channels.
public final class CIFARResNet: ConvolutionalNetwork {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let layer1, layer2, layer3: Sequential
  let fc: Linear

  /// A network of `depth` = 6n + 2 layers; traps for another depth.
  ///
  /// - Parameters:
  ///   - width: channels of the first stage.
  ///   - isResidual: blocks add their input to their output; without, the network is plain.
  public init(
    depth: Int, width: Int = 16, channels: Int = 3, classes: Int = 10, isResidual: Bool = true,
    using random: inout RandomStream
  ) {
    require(depth >= 8 && (depth - 2) % 6 == 0, "a depth of 6n + 2 is needed, not \(depth)")
    let blocks = (depth - 2) / 6
    conv1 = Conv2d(channels, width, kernel: 3, padding: 1, bias: false, using: &random)
    bn1 = BatchNorm2d(width)
    func stage(_ inputs: Int, _ outputs: Int, _ random: inout RandomStream) -> Sequential {
      Sequential(
        (0..<blocks).map { i in
          CIFARBlock(i == 0 ? inputs : outputs, outputs, isResidual: isResidual, using: &random)
        })
    }
    layer1 = stage(width, width, &random)
    layer2 = stage(width, 2 * width, &random)
    layer3 = stage(2 * width, 4 * width, &random)
    fc = Linear(4 * width, classes, using: &random)
    initialize { _, shape in shape.count == 4 ? .heNormal(shape, using: &random) : nil }
  }

  /// What the three stages make of images [N, C, H, W]: [N, w, H, W], [N, 2w, H / 2, W / 2], [N, 4w, H / 4, W / 4].
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {  // [N, 3, 32, 32]
    let first = layer1(relu(bn1(conv1(x))))  // [N, 16, 32, 32]
    let second = layer2(first)  // [N, 32, 16, 16]
    return [("layer1", first), ("layer2", second), ("layer3", layer3(second))]  // [N, 64, 8, 8]
  }

  /// Logits [N, K] of the last stage's maps: their means over the picture, and where something stood is forgotten.
  public func classify(_ maps: Tensor) -> Tensor {
    fc(adaptiveAvgPool2d(maps, 1).flattened(from: 1))  // [N, 64] to [N, K]
  }
}

/// Two 3 x 3 convolutions, and around them the shortcut: y = relu(f(x) + x).
///
/// Where the channels become more, the shortcut takes every second pixel and fills the new channels with zeros: the paper's
/// option A, which costs no parameter, so that a plain twin has exactly as many.
final class CIFARBlock: Layer {
  let conv1, conv2: Conv2d
  let bn1, bn2: BatchNorm2d
  private let isResidual: Bool
  private let added: Int  // channels that the shortcut fills with zeros

  init(_ inputs: Int, _ outputs: Int, isResidual: Bool, using random: inout RandomStream) {
    let stride = inputs == outputs ? 1 : 2
    conv1 = Conv2d(inputs, outputs, kernel: 3, stride: stride, padding: 1, bias: false, using: &random)
    conv2 = Conv2d(outputs, outputs, kernel: 3, padding: 1, bias: false, using: &random)
    (bn1, bn2) = (BatchNorm2d(outputs), BatchNorm2d(outputs))
    self.isResidual = isResidual
    added = outputs - inputs
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, O, H, W], or half the size
    let y = bn2(conv2(relu(bn1(conv1(x)))))
    return relu(isResidual ? y + shortcut(x) : y)
  }

  private func shortcut(_ x: Tensor) -> Tensor {
    guard added > 0 else { return x }
    return avgPool2d(x, 1, stride: 2).padded(along: 1, before: added / 2, after: added - added / 2)
  }
}
