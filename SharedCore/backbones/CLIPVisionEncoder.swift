import Engine
import Foundation
import Utils

/// The picture side of CLIP: a vision transformer whose output lies near that of the words for the same thing.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021, §2.4. Names and numbers are
/// those of Hugging Face's `CLIPVisionModel`: a norm before the blocks, x sigmoid(1.702 x) between the layers of a perceptron,
/// patches without a bias. The projection into the space that words share is left out.
public final class CLIPVisionEncoder: Layer {
  let vision_model: CLIPVisionTransformer
  /// Rows and columns of a picture.
  public let imageSize: Int

  /// A network with random weights; ViT-B/32 unless told otherwise: 87,456,000 parameters.
  ///
  /// Traps when patches do not fill the picture, or heads do not divide the width.
  public init(
    imageSize: Int = 224, patch: Int = 32, width: Int = 768, depth: Int = 12, heads: Int = 12,
    using random: inout RandomStream
  ) {
    require(
      patch >= 1 && imageSize >= patch && imageSize % patch == 0,
      "CLIPVisionEncoder: pictures of \(imageSize) do not fall into patches of \(patch)")
    self.imageSize = imageSize
    vision_model = CLIPVisionTransformer(
      places: (imageSize / patch) * (imageSize / patch) + 1, patch: patch, width, depth: depth, heads: heads,
      using: &random)
  }

  /// The network whose weights a safetensors file holds, with `vision_model.` before each name; what else the file has, such as
  /// the text side, is passed over. Heads have 64 features, as in every published one.
  ///
  /// Throws a `LabError` where the file holds no such network or not all of it.
  public convenience init(contentsOf url: URL) throws {
    let file = try SafetensorsFile(contentsOf: url)
    let names = "vision_model.embeddings."
    guard let kernel = file["\(names)patch_embedding.weight"]?.shape, kernel.count == 4, kernel[1] == 3,
      kernel[2] == kernel[3], let width = kernel.first, width >= 64, width % 64 == 0, kernel[2] >= 1,
      let places = file["\(names)position_embedding.weight"]?.shape.first, places >= 2
    else {
      throw LabError(
        .checkpoint, "\(url.relativePath) holds no CLIP picture encoder",
        remedy: "give the safetensors file of a CLIPModel, such as openai/clip-vit-base-patch32")
    }
    let side = Int(Double(places - 1).squareRoot().rounded())
    let depth = (0..<1000).first { file["vision_model.encoder.layers.\($0).mlp.fc1.weight"] == nil } ?? 0
    let (claimed, held) = (12 * width * width * depth, file.entries.reduce(0) { $0 + $1.count })
    guard side * side == places - 1, claimed <= held else {
      throw LabError(
        .checkpoint, "\(url.relativePath) does not hold the \(depth) layers of width \(width) that it claims",
        remedy: "download the file again")
    }
    var random = RandomStream(seed: 0)  // every number is overwritten
    self.init(
      imageSize: side * kernel[2], patch: kernel[2], width: width, depth: depth, heads: width / 64,
      using: &random)
    for (name, parameter) in parameters() {
      guard let entry = file[name], entry.shape == Array(parameter.shape) else {
        throw LabError(
          .checkpoint, "\(url.relativePath) has no \(name) of shape \(parameter.shape)",
          remedy: "give the file of a CLIPModel")
      }
      parameter.set(Tensor(try file.floats(name), shape: parameter.shape))
    }
  }

  /// The pooled features [N, D] of `x` [N, 3, S, S], normalised by CLIP's mean and deviation.
  public func callAsFunction(_ x: Tensor) -> Tensor { vision_model(x) }
}

/// Patches and their places, blocks, and the norm of the class token.
final class CLIPVisionTransformer: Layer {
  let embeddings: CLIPEmbeddings
  let pre_layrnorm: LayerNorm  // so misspelt in the published files
  let encoder: CLIPBlocks
  let post_layernorm: LayerNorm

  init(
    places: Int, patch: Int, _ width: Int, depth: Int, heads: Int, using random: inout RandomStream
  ) {
    embeddings = CLIPEmbeddings(places: places, patch: patch, width, using: &random)
    pre_layrnorm = LayerNorm(width)
    encoder = CLIPBlocks(width, depth: depth, heads: heads, using: &random)
    post_layernorm = LayerNorm(width)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, S, S] to [N, D]
    let y = encoder(pre_layrnorm(embeddings(x)))  // [N, T, D]
    return post_layernorm(y.narrowed(along: 1, from: 0, count: 1).squeezed(at: 1))
  }
}

/// The class token and the patches, each with its place.
final class CLIPEmbeddings: Layer {
  let class_embedding: Parameter
  let patch_embedding: Conv2d
  let position_embedding: Embedding

  init(places: Int, patch: Int, _ width: Int, using random: inout RandomStream) {
    class_embedding = Parameter(.normal(deviation: 0.02, shape: [width], using: &random))
    patch_embedding = Conv2d(3, width, kernel: patch, stride: patch, bias: false, using: &random)
    position_embedding = Embedding(places, width, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, S, S] to [N, T, D]
    let patches = patch_embedding(x).flattened(from: 2).transposed(1, 2)
    let token = class_embedding.value.expanded(to: [x.shape[0], 1, patches.shape[2]])
    let rows = concatenate([token, patches], along: 1)
    return rows + position_embedding(IndexTensor((0..<Int32(rows.shape[1])).map { $0 }))
  }
}

final class CLIPBlocks: Layer {
  let layers: [CLIPBlock]

  init(_ width: Int, depth: Int, heads: Int, using random: inout RandomStream) {
    layers = (0..<depth).map { _ in CLIPBlock(width, heads: heads, using: &random) }
  }

  func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { x, layer in layer(x) } }
}

/// Attention, then a perceptron of two layers, each behind a norm and beside a shortcut.
final class CLIPBlock: Layer {
  let self_attn: CLIPAttention
  let layer_norm1, layer_norm2: LayerNorm
  let mlp: CLIPPerceptron

  init(_ width: Int, heads: Int, using random: inout RandomStream) {
    self_attn = CLIPAttention(width, heads: heads, using: &random)
    layer_norm1 = LayerNorm(width)
    layer_norm2 = LayerNorm(width)
    mlp = CLIPPerceptron(width, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, D]
    let x = x + self_attn(layer_norm1(x))
    return x + mlp(layer_norm2(x))
  }
}

final class CLIPAttention: Layer {
  let k_proj, v_proj, q_proj, out_proj: Linear
  private let heads: Int

  init(_ width: Int, heads: Int, using random: inout RandomStream) {
    k_proj = Linear(width, width, using: &random)
    v_proj = Linear(width, width, using: &random)
    q_proj = Linear(width, width, using: &random)
    out_proj = Linear(width, width, using: &random)
    self.heads = heads
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, D]
    out_proj(multiheadAttention([q_proj(x), k_proj(x), v_proj(x)], heads: heads))
  }
}

final class CLIPPerceptron: Layer {
  let fc1, fc2: Linear

  init(_ width: Int, using random: inout RandomStream) {
    fc1 = Linear(width, 4 * width, using: &random)
    fc2 = Linear(4 * width, width, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = fc1(x)
    return fc2(y * sigmoid(1.702 * y))  // Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, §2
  }
}
