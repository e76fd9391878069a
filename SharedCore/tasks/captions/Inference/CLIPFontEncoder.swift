import Backbones
import CaptionData
import DataUtils
import Engine
import Foundation
import Images
import Synchronization
import Utils

/// The picture side of CLIP as what describes a font: its pooled features, the first 512 of them.
///
/// The published project prefers FontCLIP's weights and falls back on these, whence the end of the version. One picture at a
/// time, whatever the number of threads that ask.
public final class CLIPFontEncoder: FontEncoder {
  /// Red, green and blue of CLIP's training images.
  static let normalization = Normalization(
    means: [0.481_454_66, 0.457_827_5, 0.408_210_73], deviations: [0.268_629_54, 0.261_302_58, 0.275_777_11])

  /// `openai-clip-vit-base-patch32-v1.0-fallback`, or the sizes of another encoder.
  public let version: String
  private let size: Int
  private let network: Mutex<CLIPVisionEncoder>

  /// The encoder in the safetensors file at `url`, with Hugging Face's names; throws a `LabError` where that holds none.
  public init(contentsOf url: URL) throws {
    let network = try CLIPVisionEncoder(contentsOf: url)
    let kernel = network.parameters().first { $0.name.hasSuffix("patch_embedding.weight") }?.parameter.shape
    let (width, patch) = (kernel?[0] ?? 0, kernel?[2] ?? 0)
    let depth = Set(network.parameters().compactMap { $0.name.firstMatch(of: /layers\.([0-9]+)\./)?.1 }).count
    size = network.imageSize
    let isPublished = (network.imageSize, patch, width, depth) == (224, 32, 768, 12)
    let name =
      isPublished
      ? "openai-clip-vit-base-patch32" : "clip-vit-\(network.imageSize)-patch\(patch)-\(width)x\(depth)"
    version = "\(name)-v1.0-fallback"
    self.network = Mutex(network)
  }

  /// The first 512 pooled features, zeros behind where there are fewer; throws a `LabError` where one is not finite.
  public func embedding(of picture: DecodedImage) throws -> [Float] {
    let x = Self.prepared(picture, size: size)
    let features = network.withLock { network in withMode(.evaluation) { network(x) }.elements }
    guard features.allSatisfy(\.isFinite) else {
      throw LabError(
        .checkpoint, "the CLIP encoder answers a picture with a number that is not finite",
        remedy: "download its file again")
    }
    let kept = features.prefix(FontEmbedding.dimension)
    return kept + [Float](repeating: 0, count: FontEmbedding.dimension - kept.count)
  }

  /// [1, 3, S, S] as CLIP is shown pictures: the shorter side brought to S by cubic pieces, the middle cut out, normalised.
  static func prepared(_ picture: DecodedImage, size: Int) -> Tensor {
    let (width, height) = (picture.width, picture.height)
    let resized = picture.resized(
      width: width <= height ? size : size * width / height,
      height: width <= height ? size * height / width : size, filter: .bicubic)
    let middle = resized.cropped(
      x: (resized.width - size) / 2, y: (resized.height - size) / 2, width: size, height: size)
    let planes = middle.planes
    return Tensor(shape: [1, 3, size, size]) { numbers in
      for (place, byte) in planes.enumerated() {
        let channel = place / (size * size)
        numbers[place] =
          (Float(byte) / 255 - normalization.means[channel]) / normalization.deviations[channel]
      }
    }
  }

  /// The encoder in the file at `path`; the descriptor that needs no file where none is named.
  static func chosen(_ path: String?) throws -> any FontEncoder {
    try path.map { try CLIPFontEncoder(contentsOf: URL(filePath: $0)) } ?? FontDescriptor()
  }
}
