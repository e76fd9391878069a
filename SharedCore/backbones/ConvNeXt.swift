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

  /// How deep and wide a network is.
  public enum Size: String, CaseIterable, Sendable {
    /// 3.7 million parameters with 1000 classes; timm's name for a size that the paper does not have.
    case atto
    /// 28.6 million.
    case tiny
    /// Deeper in the third stage; 50.2 million.
    case small
    /// As deep as `small` and wider; 88.6 million.
    case base

    /// The blocks of the four stages.
    public var depths: [Int] {
      switch self {
      case .atto: [2, 2, 6, 2]
      case .tiny: [3, 3, 9, 3]
      case .small, .base: [3, 3, 27, 3]
      }
    }

    /// How often training leaves the last block out, as in the paper's table 5.
    var stochasticDepth: Float {
      switch self {
      case .atto: 0
      case .tiny: 0.1
      case .small: 0.4
      case .base: 0.5
      }
    }

    /// The channels of the four stages.
    public var widths: [Int] {
      switch self {
      case .atto: [40, 80, 160, 320]
      case .tiny, .small: [96, 192, 384, 768]
      case .base: [128, 256, 512, 1024]
      }
    }
  }

  /// A network of `size` for `classes` classes; the last block is left out in training as often as `stochasticDepth` says,
  /// the others the less the earlier they come; nil for the size's own.
  public init(
    _ size: Size, classes: Int = 1000, stochasticDepth: Float? = nil, using random: inout RandomStream
  ) {
    features = Self.features(size, stochasticDepth: stochasticDepth ?? size.stochasticDepth, using: &random)
    let head = Linear(size.widths[3], classes, using: &random)
    classifier = Sequential(LayerNorm2d(size.widths[3], epsilon: 1e-6), Flatten(), head)
    Self.drawWeights(of: head, using: &random)
  }

  /// All but the classifier: [N, 3, H, W] to [N, C, H / 32, W / 32].
  ///
  /// - Parameter layerScale: what the blocks' own part is multiplied by at first; 1e-6 in the paper.
  static func features(
    _ size: Size, stochasticDepth: Float, layerScale: Float = 1e-6, using random: inout RandomStream
  ) -> Sequential {
    let (depths, widths) = (size.depths, size.widths)
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
            ConvNeXtBlock(
              width, leftOut: stochasticDepth * Float(block) / Float(blocks - 1), scale: layerScale,
              using: &random)
          }))
      before += depths[stage]
    }
    let features = Sequential(stages)
    drawWeights(of: features, using: &random)
    return features
  }

  private static func drawWeights(of module: any Module, using random: inout RandomStream) {
    module.initialize { name, shape in
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
}

/// A depthwise 7x7 convolution, then a perceptron of two layers at every place; figure 4, right.
final class ConvNeXtBlock: Layer {
  let layer_scale: Parameter
  let block: Sequential
  private let stochasticDepth: StochasticDepth

  init(_ channels: Int, leftOut: Float, scale: Float, using random: inout RandomStream) {
    layer_scale = Parameter(Tensor(repeating: scale, shape: [channels, 1, 1]))
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
