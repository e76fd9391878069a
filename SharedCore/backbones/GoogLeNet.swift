import Engine
import Utils

/// GoogLeNet, "Inception v1": convolutions of several sizes side by side. Szegedy et al., "Going Deeper with
/// Convolutions", 2015, §5 and table 1.
///
/// Departures, torchvision's: batch normalisation after each convolution and no local response normalisation; the 5x5
/// convolutions are 3x3; no dropout of 0.4 but 0.2.
public final class GoogLeNet: HasAuxiliaryOutputs {
  let conv1, conv2, conv3: ConvNormReLU
  let inception3a, inception3b: Inception
  let inception4a, inception4b, inception4c, inception4d, inception4e: Inception
  let inception5a, inception5b: Inception
  let aux1, aux2: AuxiliaryClassifier?
  let dropout: Dropout
  let fc: Linear
  let transformsInput: Bool

  /// A network for `classes` classes, 6.6 million parameters for 1000.
  ///
  /// - Parameters:
  ///   - auxiliary: with the two classifiers half-way, which help training; see `outputs`.
  ///   - transformsInput: the pictures come normalised by ImageNet's means and deviations, and the weights expect
  ///     numbers from -1 to 1, as those that torchvision ported do.
  public init(
    classes: Int = 1000, auxiliary: Bool = false, dropout: Float = 0.2, auxiliaryDropout: Float = 0.7,
    transformsInput: Bool = false, using random: inout RandomStream
  ) {
    conv1 = ConvNormReLU(3, 64, kernel: 7, stride: 2, using: &random)
    conv2 = ConvNormReLU(64, 64, kernel: 1, using: &random)
    conv3 = ConvNormReLU(64, 192, kernel: 3, using: &random)
    inception3a = Inception(192, 64, (96, 128), (16, 32), pooled: 32, using: &random)
    inception3b = Inception(256, 128, (128, 192), (32, 96), pooled: 64, using: &random)
    inception4a = Inception(480, 192, (96, 208), (16, 48), pooled: 64, using: &random)
    inception4b = Inception(512, 160, (112, 224), (24, 64), pooled: 64, using: &random)
    inception4c = Inception(512, 128, (128, 256), (24, 64), pooled: 64, using: &random)
    inception4d = Inception(512, 112, (144, 288), (32, 64), pooled: 64, using: &random)
    inception4e = Inception(528, 256, (160, 320), (32, 128), pooled: 128, using: &random)
    inception5a = Inception(832, 256, (160, 320), (32, 128), pooled: 128, using: &random)
    inception5b = Inception(832, 384, (192, 384), (48, 128), pooled: 128, using: &random)
    if auxiliary {
      aux1 = AuxiliaryClassifier(512, classes, dropout: auxiliaryDropout, using: &random)
      aux2 = AuxiliaryClassifier(528, classes, dropout: auxiliaryDropout, using: &random)
    } else {
      (aux1, aux2) = (nil, nil)
    }
    self.dropout = Dropout(dropout)
    fc = Linear(1024, classes, using: &random)
    self.transformsInput = transformsInput
    initialize { _, shape in shape.count > 1 ? .normal(deviation: 0.01, shape: shape, using: &random) : nil }
  }

  /// Logits [N, K] of `x` [N, 3, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor { outputs(x, withAuxiliary: false).logits }

  /// The loss of each auxiliary classifier counts 0.3 beside that of the logits, §5.
  public var auxiliaryShare: Float { 0.3 }

  /// Logits [N, K] of `x` [N, 3, H, W], and those of the auxiliary classifiers, empty without them.
  public func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor]) {
    outputs(x, withAuxiliary: true)
  }

  private func outputs(_ x: Tensor, withAuxiliary: Bool) -> (logits: Tensor, auxiliary: [Tensor]) {
    func shrunk(_ x: Tensor) -> Tensor { maxPool2d(x, 3, stride: 2, ceilMode: true) }
    var x = transformsInput ? Self.transformed(x) : x  // [N, 3, 224, 224]
    x = shrunk(conv3(conv2(shrunk(conv1(x)))))  // [N, 192, 28, 28]
    x = shrunk(inception3b(inception3a(x)))  // [N, 480, 14, 14]
    let early = inception4a(x)  // [N, 512, 14, 14]
    let late = inception4d(inception4c(inception4b(early)))  // [N, 528, 14, 14]
    x = maxPool2d(inception4e(late), 2, ceilMode: true)  // [N, 832, 7, 7]
    x = inception5b(inception5a(x))  // [N, 1024, 7, 7]
    let logits = fc(dropout(adaptiveAvgPool2d(x, 1).flattened(from: 1)))
    return (logits, withAuxiliary ? [aux1?(early), aux2?(late)].compactMap { $0 } : [])
  }

  /// From (x - mean) / deviation of ImageNet's channels to (x - 0.5) / 0.5.
  static func transformed(_ x: Tensor) -> Tensor {  // [N, 3, H, W]
    let scale = Tensor([0.229, 0.224, 0.225].map { $0 / 0.5 }, shape: [3, 1, 1])
    let shift = Tensor([0.485, 0.456, 0.406].map { ($0 - 0.5) / 0.5 }, shape: [3, 1, 1])
    return x * scale + shift
  }
}

/// Four branches over the same input, joined: 1x1, 3x3, larger, and pooling; figure 2(b).
///
/// The 1x1 convolutions before the others make them cheap.
final class Inception: Layer {
  let branch1: ConvNormReLU
  let branch2, branch3, branch4: Sequential

  init(
    _ inputs: Int, _ plain: Int, _ second: (reduced: Int, width: Int), _ third: (reduced: Int, width: Int),
    pooled: Int, using random: inout RandomStream
  ) {
    branch1 = ConvNormReLU(inputs, plain, kernel: 1, using: &random)
    branch2 = Sequential(
      ConvNormReLU(inputs, second.reduced, kernel: 1, using: &random),
      ConvNormReLU(second.reduced, second.width, kernel: 3, using: &random))
    branch3 = Sequential(
      ConvNormReLU(inputs, third.reduced, kernel: 1, using: &random),
      ConvNormReLU(third.reduced, third.width, kernel: 3, using: &random))
    branch4 = Sequential(
      MaxPool2d(3, stride: 1, padding: 1, ceilMode: true),
      ConvNormReLU(inputs, pooled, kernel: 1, using: &random))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, sum of the widths, H, W]
    concatenate([branch1(x), branch2(x), branch3(x), branch4(x)], along: 1)
  }
}

/// A small classifier on the way, so that the gradient reaches the early layers; §5.
final class AuxiliaryClassifier: Layer {
  let conv: ConvNormReLU
  let fc1, fc2: Linear
  private let dropout: Dropout

  init(_ inputs: Int, _ classes: Int, dropout: Float, using random: inout RandomStream) {
    conv = ConvNormReLU(inputs, 128, kernel: 1, using: &random)
    fc1 = Linear(128 * 4 * 4, 1024, using: &random)
    fc2 = Linear(1024, classes, using: &random)
    self.dropout = Dropout(dropout)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, 14, 14] to [N, K]
    let x = conv(adaptiveAvgPool2d(x, 4)).flattened(from: 1)
    return fc2(dropout(relu(fc1(x))))
  }
}

/// A convolution that keeps the size but for its stride, batch normalisation, ReLU.
final class ConvNormReLU: Layer {
  let conv: Conv2d
  let bn: BatchNorm2d

  init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, using random: inout RandomStream) {
    conv = Conv2d(
      inputs, outputs, kernel: kernel, stride: stride, padding: kernel / 2, bias: false, using: &random)
    bn = BatchNorm2d(outputs, epsilon: 1e-3)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { relu(bn(conv(x))) }
}
