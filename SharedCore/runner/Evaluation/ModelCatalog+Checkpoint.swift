import Engine
import Foundation
import Utils

extension ModelCatalog {
  /// The network as `checkpoint` describes it, with its state; `url` is where the file lies, for a sentence.
  public func network(of checkpoint: Checkpoint, _ url: URL) throws -> any Layer {
    guard let architecture = checkpoint.lab["architecture"]?.string,
      let configuration = checkpoint.lab["configuration"]
    else {
      throw LabError(
        .checkpoint, "\(url.path) does not describe its network: it was not saved by this workspace's train",
        remedy: "begin a training with its weights: swift run train --experiment NAME --load-checkpoint FILE")
    }
    var random = RandomStream(seed: 0)
    let numbers = checkpoint.contents.values.reduce(0) { sum, item in
      if case .floats(let values, _) = item { sum + values.count } else { sum + 1 }
    }
    let bare = try network(architecture, configuration, source: url.path, holding: numbers, using: &random)
    let network = try averaging(bare, as: checkpoint.lab["settings"])
    try checkpoint.load(into: network)
    return network
  }
}
