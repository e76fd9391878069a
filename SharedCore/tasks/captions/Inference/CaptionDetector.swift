import CaptionData
import Engine
import Foundation
import Runner
import Utils

/// A trained caption network with all that its checkpoint says about its inputs.
public struct CaptionDetector {
  /// The name of its architecture, and the SHA-256 of its checkpoint.
  public let architecture, sha256: String
  /// How pictures become its inputs.
  public let inputs: PairInputs
  /// What describes the font of a video.
  public let fontEncoder: any FontEncoder
  private let network: any Layer
  private let width: Int

  /// The network in the checkpoint at `url`; throws a `LabError` where that is none of a caption network, or where it learnt from
  /// another font embedding than that of `fontEncoder`.
  public init(contentsOf url: URL, fontEncoder: any FontEncoder = FontDescriptor()) throws {
    let checkpoint = try Checkpoint(contentsOf: url)
    guard let name = checkpoint.lab["architecture"]?.string,
      CaptionArchitectureRegistry.captions.list.contains(where: { $0.name == name })
    else {
      throw LabError(
        .checkpoint, "\(url.relativePath) holds no caption network",
        remedy: "give a checkpoint of lab captions train; lab captions list-models shows the networks")
    }
    let configuration = try CaptionConfiguration(
      json: checkpoint.lab["configuration"] ?? .null, source: url.relativePath)
    inputs = PairInputs(
      checkpoint.lab["settings"] ?? .null, width: configuration.width, height: configuration.height)
    let version = checkpoint.lab["config"]?["font_embedding_version"]?.string
    guard !inputs.usesFont || (version ?? fontEncoder.version) == fontEncoder.version else {
      throw LabError(
        .checkpoint,
        "\(url.relativePath) learnt from the font embedding \(version ?? ""), and this one is \(fontEncoder.version)",
        remedy: version == FontDescriptor().version
          ? "leave --font-encoder out" : "give --font-encoder with the file that create-dataset was given")
    }
    self.fontEncoder = fontEncoder
    network = try ModelCatalog.captions(folder: name, title: name, architecture: name).network(
      of: checkpoint, url)
    (architecture, width) = (name, configuration.inputs.width)
    sha256 = try SHA256.hex(ofFileAt: url)
  }

  /// Reads annotations as this network sees them, on any thread, and begins to read their frames; throws a `LabError` where they
  /// cannot be read.
  ///
  /// - Parameters:
  ///   - all: whether stretches that nobody has confirmed are asked about, too.
  ///   - batchSize: how many pairs the network sees at once.
  func asking(all: Bool, batchSize: Int) -> @Sendable (URL) throws -> VideoQuestions {
    let (inputs, encoder, width) = (inputs, inputs.usesFont ? fontEncoder : FontDescriptor(), width)
    return { url in
      let video = try VideoInputs(url, fit: inputs.fit, variant: inputs.variant, encoder: encoder)
      return try VideoQuestions(video, inputs, width: width, all: all, batchSize: batchSize)
    }
  }

  /// The probabilities of the labels for each pair, or why its frames cannot be read; in their order.
  ///
  /// - Parameter use: hears the answers to each batch.
  /// - Returns: the seconds in which the network worked.
  func answer(_ questions: VideoQuestions, use: ([Result<[Double], LabError>]) -> Void) throws -> Double {
    var seconds = 0.0
    while let batch = try questions.rows.next() {
      let clock = Stopwatch()
      let answers = batch.tensor.map(probabilities) ?? []
      seconds += clock.seconds
      use(batch.results.map { result in result.map { answers[$0] } })
    }
    return seconds
  }

  /// Those of rows [N, F].
  private func probabilities(_ rows: Tensor) -> [[Double]] {
    let outputs = softmax(withMode(.evaluation) { network(rows) }).elements  // [N, 5]
    let classes = CaptionLabel.allCases.count
    return (0..<rows.shape[0]).map { n in outputs[n * classes..<(n + 1) * classes].map(Double.init) }
  }
}
