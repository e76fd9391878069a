import Engine
import Foundation
import Tracking
import Utils

/// Turns what a person types for a checkpoint into a file: a path, a folder with one, a run's folder or id, or `latest`.
struct CheckpointFinder {
  let outputs: URL
  /// The workspace whose record knows runs that lie elsewhere; nil to look in `outputs` alone.
  var workspace: Workspace?

  /// What a reference names.
  enum Place {
    /// A file, and the run in whose folder it lies.
    case file(URL, of: RunFolder?)
    case run(RunFolder)

    /// The run, where there is one.
    var run: RunFolder? {
      switch self {
      case .file(_, let run): run
      case .run(let run): run
      }
    }
  }

  /// The file, and the run that it belongs to where there is one.
  ///
  /// Of a run it is the checkpoint that its result speaks of: the best epoch's where a validation part chose it, else the
  /// last one's.
  func find(_ reference: String) throws -> (url: URL, run: RunFolder?) {
    switch try place(reference) {
    case .file(let url, let run): return (url, run)
    case .run(let run):
      let url = resultCheckpoint(of: run)
      if !FileManager.default.fileExists(atPath: url.path) { throw try nothingKept(by: run) }
      return (url, run)
    }
  }

  /// What `reference` names; a run need not have a checkpoint.
  func place(_ reference: String) throws -> Place {
    let path = URL(filePath: reference)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder), !isFolder.boolValue {
      let folder = path.deletingLastPathComponent().deletingLastPathComponent()
      return .file(path, of: RunFolder(at: folder.standardizedFileURL))
    }
    if reference.hasSuffix(".safetensors") {
      throw LabError(
        .checkpoint, "there is no file \(reference)", remedy: "give a file, a run's id or latest")
    }
    guard isFolder.boolValue else { return .run(try run(reference)) }
    if RunFolder(at: path.standardizedFileURL) == nil, let only = try checkpoint(inFolder: path) {
      return .file(only, of: nil)
    }
    return .run(try RunFolder.find(path.path + "/", under: outputs))
  }

  /// A run below `outputs`, or one that the record knows elsewhere.
  private func run(_ reference: String) throws -> RunFolder {
    do { return try RunFolder.find(reference, under: outputs) } catch let error as LabError {
      guard reference != "latest", !reference.contains("/"), let workspace,
        let database = try? ExperimentDatabase(workspace.database, create: false),
        (try? database.run(reference)) != nil
      else { throw error }
      return try RunPlaces(database).folder(reference)
    }
  }

  /// Throws where `run` has kept none of its states.
  func requireCheckpoints(of run: RunFolder) throws {
    if !RunCheckpoints(of: run).exist { throw try nothingKept(by: run) }
  }

  private func nothingKept(by run: RunFolder) throws -> LabError {
    if let study = try StudyRecord(in: run) {
      return LabError(
        .usage, "\(run.id) is a study of \(study.cells.count) runs",
        remedy: "judge one of them"
          + (study.cells.first.map { ", such as --checkpoint \($0.run); runs.csv lists them" } ?? ""))
    }
    return LabError(
      .checkpoint, "run \(run.id) has no checkpoint \(run.lastCheckpoint.path)",
      remedy: "train again without --no-save-checkpoint")
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
    isChosen(run.bestCheckpoint) ? run.bestCheckpoint : run.lastCheckpoint
  }

  /// A validation part has chosen the checkpoint `best`.
  private func isChosen(_ best: URL) -> Bool {
    (try? Checkpoint(contentsOf: best))?.lab["best"]?["metric"]?.string?.hasPrefix("val_") == true
  }
}
