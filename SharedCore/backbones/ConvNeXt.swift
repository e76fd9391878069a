import Engine
import Utils

/// ConvNeXt: a ResNet brought up to date step by step with what vision transformers do. Liu, Mao, Wu, Feichtenhofer,
/// Darrell, Xie, "A ConvNet for the 2020s", 2022, §2 and §3.1.
///
/// Departures: the truncation of the initial weights, at a hundred deviations in torchvision, is left out.
public final class ConvNeXt: Layer {
  /// The stem, the four stages and, between them, what halves the picture: seven parts after the stem.
  public let features: Sequential
  let classifier: Sequential

  /// A network of four stages with these numbers of blocks and channels.
  private init(
    depths: [Int], widths: [Int], classes: Int, stochasticDepth: Float, using random: inout RandomStream
  ) {
    let blocks = depths.reduce(0, +)
    var before = 0
    var stages: [any Layer] = [
      Sequential(
        Conv2d(3, widths[0], kernel: 4, stride: 4, using: &random), LayerNorm2d(widths[0], epsilon: 1e-6))
    ]
    for (stage, width) in widths.enumerated() {
      if stage > 0 {
        let last = widths[stage - 1]
        stages.append(
          Sequential(
            LayerNorm2d(last, epsilon: 1e-6), Conv2d(last, width, kernel: 2, stride: 2, using: &random)))
      }
      stages.append(
        Sequential(
          (before..<before + depths[stage]).map { block in  // the deeper, the likelier left out
            ConvNeXtBlock(width, leftOut: stochasticDepth * Float(block) / Float(blocks - 1), using: &random)
          }))
      before += depths[stage]
    }
    features = Sequential(stages)
    classifier = Sequential(
      LayerNorm2d(widths[3], epsilon: 1e-6), Flatten(), Linear(widths[3], classes, using: &random))
    initialize { name, shape in
      if shape.count == 4 || shape.count == 2 {
        return .normal(deviation: 0.02, shape: shape, using: &random)
      }
      return name.hasSuffix("bias") ? Tensor(repeating: 0, shape: shape) : nil
    }
  }

  /// Logits [N, K] of `x` [N, 3, H, W].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, 224, 224]
    classifier(adaptiveAvgPool2d(features(x), 1))  // features [N, 768, 7, 7]
  }

  /// 28.6 million parameters.
  public static func tiny(
    classes: Int = 1000, stochasticDepth: Float = 0.1, using random: inout RandomStream
  ) -> ConvNeXt {
    ConvNeXt(
      depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], classes: classes, stochasticDepth: stochasticDepth,
      using: &random)
  }

  /// Deeper in the third stage; 50.2 million parameters.
  public static func small(
    classes: Int = 1000, stochasticDepth: Float = 0.4, using random: inout RandomStream
  ) -> ConvNeXt {
    ConvNeXt(
      depths: [3, 3, 27, 3], widths: [96, 192, 384, 768], classes: classes, stochasticDepth: stochasticDepth,
      using: &random)
  }

  /// As deep as `small` and wider; 88.6 million parameters.
  public static func base(
    classes: Int = 1000, stochasticDepth: Float = 0.5, using random: inout RandomStream
  ) -> ConvNeXt {
    ConvNeXt(
      depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024], classes: classes,
      stochasticDepth: stochasticDepth, using: &random)
  }
}

/// A depthwise 7x7 convolution, then a perceptron of two layers at every place; figure 4, right.
final class ConvNeXtBlock: Layer {
  let layer_scale: Parameter
  let block: Sequential
  private let stochasticDepth: StochasticDepth

  init(_ channels: Int, leftOut: Float, using random: inout RandomStream) {
    layer_scale = Parameter(Tensor(repeating: 1e-6, shape: [channels, 1, 1]))
    block = Sequential(
      Conv2d(channels, channels, kernel: 7, padding: 3, groups: channels, using: &random),
      Permute([0, 2, 3, 1]),  // channels last
      LayerNorm(channels, epsilon: 1e-6), Linear(channels, 4 * channels, using: &random), GELU(),
      Linear(4 * channels, channels, using: &random),
      Permute([0, 3, 1, 2]))
    stochasticDepth = StochasticDepth(leftOut)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W]
    x + stochasticDepth(layer_scale.value * block(x))
  }
}
