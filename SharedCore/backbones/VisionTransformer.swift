import Engine
import Utils

/// The vision transformer: a picture is a sequence of patches. Dosovitskiy et al., "An Image is Worth 16x16 Words:
/// Transformers for Image Recognition at Scale", 2021, §3.1 and table 1.
///
/// Departures: the classifier is one layer from the start, as in the paper's fine-tuning; no dropout unless asked for.
public final class VisionTransformer: Layer {
  let class_token: Parameter
  let conv_proj: Conv2d
  let encoder: VisionEncoder
  let heads: Sequential

  /// A network of `depth` blocks over patches of `patch` by `patch` pixels.
  private init(
    patch: Int, width: Int, depth: Int, heads headCount: Int, imageSize: Int, classes: Int, dropout: Float,
    using random: inout RandomStream
  ) {
    require(
      imageSize >= patch && imageSize % patch == 0,
      "VisionTransformer: pictures of \(imageSize) do not fall into patches of \(patch)")
    let places = (imageSize / patch) * (imageSize / patch) + 1
    class_token = Parameter(Tensor(repeating: 0, shape: [1, 1, width]))
    conv_proj = Conv2d(3, width, kernel: patch, stride: patch, using: &random)
    encoder = VisionEncoder(
      places: places, width, depth: depth, heads: headCount, dropout: dropout, using: &random)
    heads = Sequential(named: [("head", Linear(width, classes, using: &random))])
    initialize { name, shape in
      switch name {
      case "conv_proj.weight":
        .normal(deviation: 1 / Double(3 * patch * patch).squareRoot(), shape: shape, using: &random)
      case "conv_proj.bias", "heads.head.weight", "heads.head.bias": Tensor(repeating: 0, shape: shape)
      default: nil
      }
    }
  }

  /// Logits [N, K] of `x` [N, 3, S, S]; traps when S is not the size for which the network was made.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let patches = conv_proj(x).flattened(from: 2).transposed(1, 2)  // [N, T, D]
    let token = class_token.value.expanded(to: [x.shape[0], 1, patches.shape[2]])
    let y = encoder(concatenate([token, patches], along: 1))  // [N, 1 + T, D]
    return heads(y.narrowed(along: 1, from: 0, count: 1).squeezed(at: 1))
  }

  /// ViT-B/16, 86.6 million parameters for pictures of 224 x 224.
  public static func base16(
    imageSize: Int = 224, classes: Int = 1000, dropout: Float = 0, using random: inout RandomStream
  ) -> VisionTransformer {
    VisionTransformer(
      patch: 16, width: 768, depth: 12, heads: 12, imageSize: imageSize, classes: classes, dropout: dropout,
      using: &random)
  }

  /// ViT-B/32, with a quarter of the patches; 88.2 million parameters.
  public static func base32(
    imageSize: Int = 224, classes: Int = 1000, dropout: Float = 0, using random: inout RandomStream
  ) -> VisionTransformer {
    VisionTransformer(
      patch: 32, width: 768, depth: 12, heads: 12, imageSize: imageSize, classes: classes, dropout: dropout,
      using: &random)
  }

  /// ViT-L/16, 304.3 million parameters.
  public static func large16(
    imageSize: Int = 224, classes: Int = 1000, dropout: Float = 0, using random: inout RandomStream
  ) -> VisionTransformer {
    VisionTransformer(
      patch: 16, width: 1024, depth: 24, heads: 16, imageSize: imageSize, classes: classes, dropout: dropout,
      using: &random)
  }
}

/// Positions learnt for every patch, then the blocks.
final class VisionEncoder: Layer {
  let pos_embedding: Parameter
  let layers: Sequential
  let ln: LayerNorm
  private let dropout: Dropout

  init(
    places: Int, _ width: Int, depth: Int, heads: Int, dropout: Float, using random: inout RandomStream
  ) {
    pos_embedding = Parameter(.normal(deviation: 0.02, shape: [1, places, width], using: &random))
    layers = Sequential(
      named: (0..<depth).map { i in
        ("encoder_layer_\(i)", VisionBlock(width, heads: heads, dropout: dropout, using: &random))
      })
    ln = LayerNorm(width, epsilon: 1e-6)
    self.dropout = Dropout(dropout)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, D]
    ln(layers(dropout(x + pos_embedding.value)))
  }
}

/// Attention, then a perceptron of two layers, each behind a norm and beside a shortcut; figure 1, right.
final class VisionBlock: Layer {
  let ln_1: LayerNorm
  let self_attention: MultiheadAttention
  let ln_2: LayerNorm
  let mlp: Sequential
  private let dropout: Dropout

  init(_ width: Int, heads: Int, dropout: Float, using random: inout RandomStream) {
    ln_1 = LayerNorm(width, epsilon: 1e-6)
    self_attention = MultiheadAttention(width, heads: heads, using: &random)
    ln_2 = LayerNorm(width, epsilon: 1e-6)
    mlp = Sequential(
      Linear(width, 4 * width, using: &random), GELU(), Dropout(dropout),
      Linear(4 * width, width, using: &random), Dropout(dropout))
    self.dropout = Dropout(dropout)
    mlp.initialize { name, shape in
      name.hasSuffix("weight")
        ? .glorotUniform(shape, using: &random) : .normal(deviation: 1e-6, shape: shape, using: &random)
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, D]
    let x = x + dropout(self_attention(ln_1(x)))
    return x + mlp(ln_2(x))
  }
}
