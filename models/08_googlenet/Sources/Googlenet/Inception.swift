import Engine
import Utils

/// Four branches over the same input, joined: 1x1, 3x3, 5x5 and pooling; figure 2(b) of Szegedy et al. 2014.
///
/// A 1x1 convolution before the larger ones makes them cheap: it leaves them few channels to look at.
public final class InceptionBlock: Layer {
  let branch1: ConvUnit?
  let branch2, branch3, branch4: Sequential?
  /// How many channels the branches have together.
  let outputs: Int

  /// A block with the widths of the paper's table 1, which `scale` divides.
  init(
    _ inputs: Int, _ plain: Int, _ three: (reduced: Int, width: Int), _ five: (reduced: Int, width: Int),
    pooled: Int, _ scale: Scale, using random: inout RandomStream
  ) {
    func unit(_ inputs: Int, _ outputs: Int, kernel: Int) -> ConvUnit {
      ConvUnit(inputs, outputs, kernel: kernel, scale, using: &random)
    }
    func reduced(_ widths: (reduced: Int, width: Int), kernel: Int) -> Sequential {
      let few = scale.channels(widths.reduced)
      return Sequential(
        unit(inputs, few, kernel: 1), unit(few, scale.channels(widths.width), kernel: kernel))
    }
    let branches = scale.branches
    branch1 = branches == .withoutOne ? nil : unit(inputs, scale.channels(plain), kernel: 1)
    branch2 = branches == .withoutThree ? nil : reduced(three, kernel: 3)
    branch3 = branches == .withoutFive ? nil : reduced(five, kernel: 5)
    branch4 =
      branches == .withoutPooling
      ? nil
      : Sequential(
        MaxPool2d(3, stride: 1, padding: 1), unit(inputs, scale.channels(pooled), kernel: 1))
    outputs =
      (branch1 == nil ? 0 : scale.channels(plain)) + (branch2 == nil ? 0 : scale.channels(three.width))
      + (branch3 == nil ? 0 : scale.channels(five.width)) + (branch4 == nil ? 0 : scale.channels(pooled))
  }

  /// All branches of `x` [N, C, H, W] side by side: [N, sum of the widths, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    concatenate([branch1?(x), branch2?(x), branch3?(x), branch4?(x)].compactMap { $0 }, along: 1)
  }
}

/// A small classifier on the way, so that the gradient reaches the early layers; §5.
public final class AuxiliaryHead: Layer {
  let conv: ConvUnit
  let fc1, fc2: Linear
  private let dropout: Float

  init(_ inputs: Int, _ classes: Int, dropout: Float, _ scale: Scale, using random: inout RandomStream) {
    conv = ConvUnit(inputs, scale.channels(128), kernel: 1, scale, using: &random)
    fc1 = Linear(4 * scale.channels(128), scale.channels(1024), using: &random)
    fc2 = Linear(scale.channels(1024), classes, using: &random)
    self.dropout = dropout
  }

  /// Logits [N, K] of `x` [N, C, 8, 8].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let x = conv(adaptiveAvgPool2d(x, 2)).flattened(from: 1)
    return fc2(Engine.dropout(relu(fc1(x)), dropout))
  }
}

/// A convolution that keeps the size, batch normalisation where asked for, ReLU.
public final class ConvUnit: Layer {
  let conv: Conv2d
  let bn: BatchNorm2d?

  init(_ inputs: Int, _ outputs: Int, kernel: Int, _ scale: Scale, using random: inout RandomStream) {
    conv = Conv2d(
      inputs, outputs, kernel: kernel, padding: kernel / 2, bias: !scale.batchNorm, using: &random)
    bn = scale.batchNorm ? BatchNorm2d(outputs) : nil
  }

  /// The units of `x` [N, C, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let sums = conv(x)
    return relu(bn?(sums) ?? sums)
  }
}

/// Which branches the blocks have: what an ablation takes away.
public enum Branches: String, CaseIterable, Sendable {
  case all
  case withoutOne = "no-1x1"
  case withoutThree = "no-3x3"
  case withoutFive = "no-5x5"
  case withoutPooling = "no-pool"
}

/// What all units of a network share.
struct Scale {
  /// Channels that stand for 64 of the paper.
  let width: Int
  let branches: Branches
  let batchNorm: Bool

  /// The paper's number of channels in this network: at least 1.
  func channels(_ paper: Int) -> Int { max(paper * width / 64, 1) }
}
