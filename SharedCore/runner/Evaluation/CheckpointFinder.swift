import Engine
import Foundation
import Tracking
import Utils

/// Turns what a person types for a checkpoint into a file: a path, a folder with one, a run's folder or id, or `latest`.
struct CheckpointFinder {
  let outputs: URL

  /// The file, and the run that it belongs to where there is one.
  ///
  /// Of a run it is the checkpoint that its result speaks of: the best epoch's where a validation part chose it, else the
  /// last one's.
  func find(_ reference: String, preferLast: Bool = false) throws -> (url: URL, run: RunFolder?) {
    let path = URL(filePath: reference)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder), !isFolder.boolValue {
      let folder = path.deletingLastPathComponent().deletingLastPathComponent()
      return (path, RunFolder(at: folder.standardizedFileURL))
    }
    if reference.hasSuffix(".safetensors") {
      throw LabError(
        .checkpoint, "there is no file \(reference)", remedy: "give a file, a run's id or latest")
    }
    if isFolder.boolValue, let only = try checkpoint(inFolder: path) { return (only, nil) }
    let run =
      isFolder.boolValue
      ? try RunFolder.find(path.path + "/", under: outputs) : try RunFolder.find(reference, under: outputs)
    let url = preferLast ? run.lastCheckpoint : resultCheckpoint(of: run)
    guard FileManager.default.fileExists(atPath: url.path) else {
      if let study = try StudyRecord(in: run) {
        throw LabError(
          .usage, "\(run.id) is a study of \(study.cells.count) runs",
          remedy: "judge one of them"
            + (study.cells.first.map { ", such as --checkpoint \($0.run); runs.csv lists them" } ?? ""))
      }
      throw LabError(
        .checkpoint, "run \(run.id) has no checkpoint \(url.path)",
        remedy: "train again without --no-save-checkpoint")
    }
    return (url, run)
  }

  /// The checkpoint that lies in a folder which is no run's, such as a downloaded model artifact of W&B; nil where none does.
  private func checkpoint(inFolder folder: URL) throws -> URL? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }.sorted()
    guard names.count > 1 else { return names.first.map { folder.appending(path: $0) } }
    throw LabError(
      .usage, "\(folder.path) holds \(names.count) checkpoints",
      remedy: "name one of them: \(names.prefix(5).joined(separator: ", "))")
  }

  private func resultCheckpoint(of run: RunFolder) -> URL {
    guard let best = try? Checkpoint(contentsOf: run.bestCheckpoint),
      best.lab["best"]?["metric"]?.string?.hasPrefix("val_") == true
    else { return run.lastCheckpoint }
    return run.bestCheckpoint
  }
}
