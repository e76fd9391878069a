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
  private let network: any Layer
  private let width: Int

  /// The network in the checkpoint at `url`; throws a `LabError` where that is none of a caption network.
  public init(contentsOf url: URL) throws {
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
    network = try ModelCatalog.captions(folder: name, title: name, architecture: name).network(
      of: checkpoint, url)
    (architecture, width) = (name, configuration.inputs.width)
    inputs = PairInputs(
      checkpoint.lab["settings"] ?? .null, width: configuration.width, height: configuration.height)
    sha256 = try SHA256.hex(ofFileAt: url)
  }

  /// The probabilities of the labels for each of some pairs of frames of `video`, or why one cannot be read; in their order.
  ///
  /// Frames are decoded by all cores.
  public func probabilities(
    _ pairs: ArraySlice<VideoInputs.Neighbours>, of video: VideoInputs
  ) throws -> [Result<[Double], LabError>] {
    let pairs = Array(pairs)
    let frames = try concurrentMap(pairs.count) { place -> Result<[[UInt8]], LabError> in
      do {
        return .success([try video.frame(pairs[place].first), try video.frame(pairs[place].second)])
      } catch let error as LabError { return .failure(error) }
    }
    let whole = frames.compactMap { try? $0.get() }
    var answers = whole.isEmpty ? [] : answers(whole, video)
    answers.reverse()
    return frames.map { frame in frame.map { _ in answers.removeLast() } }
  }

  private func answers(_ frames: [[[UInt8]]], _ video: VideoInputs) -> [[Double]] {
    let rows = Tensor(shape: [frames.count, width]) { numbers in
      for (n, pair) in frames.enumerated() {
        inputs.write(
          [video.visualization] + pair, video.spatial, video.font, to: &numbers, from: n * width)
      }
    }
    let outputs = softmax(withMode(.evaluation) { network(rows) }).elements  // [N, 5]
    let classes = CaptionLabel.allCases.count
    return frames.indices.map { n in outputs[n * classes..<(n + 1) * classes].map(Double.init) }
  }
}
