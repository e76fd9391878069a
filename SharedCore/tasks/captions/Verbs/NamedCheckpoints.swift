import Engine
import Foundation
import Tracking
import Utils

/// The checkpoints of a training under the names of the specification, as links that take no room.
enum NamedCheckpoints {
  /// Whether no run in `home` has left a state to go on with.
  static func isEmpty(_ home: URL) -> Bool { files(home).isEmpty }

  /// The network of the newest run in `home`; nil where nothing says it.
  static func architecture(in home: URL) -> String? {
    files(home).lazy.compactMap { architecture(of: $0) }.first
  }

  /// The network in the checkpoint `file`; nil where that says none.
  static func architecture(of file: URL) -> String? { lab(file)?["architecture"]?.string }

  /// How many whole epochs the furthest state in `home` has behind it; nil where none says it.
  static func position(in home: URL) -> Int? {
    files(home).compactMap { lab($0)?["position"]?["epoch"]?.int }.max()
  }

  /// Links what the runs in `home` have left as `best`, `checkpoint_epoch_N` and, of a training that is whole, `final` in
  /// `folder`; of two files for one name the newer run's.
  static func link(_ home: URL, in folder: URL, isWhole: Bool) throws {
    let manager = FileManager.default
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in files(home).reversed() {
      let name = file.deletingPathExtension().lastPathComponent
      let target: String
      switch name {
      case "best": target = "best"
      case "last":
        guard isWhole else { continue }
        target = "final"
      default:
        guard let place = lab(file)?["position"], let epoch = place["epoch"]?.int, place["batch"] == nil
        else {
          continue
        }
        target = "checkpoint_epoch_\(epoch)"
      }
      let link = folder.appending(path: "\(target).safetensors")
      try? manager.removeItem(at: link)
      try manager.linkItem(at: file, to: link)
    }
  }

  /// The states that the runs in `home` have written, the newest run's first.
  private static func files(_ home: URL) -> [URL] {
    RunFolder.all(under: home).flatMap { run in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: run.models.path)) ?? []
      return names.sorted().filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }
        .map { run.models.appending(path: $0) }
    }
  }

  private static func lab(_ file: URL) -> JSONValue? {
    let text = (try? SafetensorsFile(contentsOf: file))?.metadata["lab"]
    return text.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
  }
}
