import Engine
import Foundation
import Tracking
import Utils

/// Where a run goes on: the checkpoint, and the run folder it came from.
struct Resumption {
  let checkpoint: Checkpoint
  let url: URL
  let folder: RunFolder?
  /// What is behind.
  let past: TrainingPosition

  /// What `--resume` means: `auto`, the newest unfinished run of `experiment`, or a checkpoint.
  init(_ reference: String, experiment: Experiment?, outputs: URL) throws {
    if reference == "auto" {
      guard let found = Self.newestUnfinished(experiment, under: outputs) else {
        throw LabError(
          .usage,
          "--resume auto: no unfinished run\(experiment.map { " of \($0.name)" } ?? "") with a checkpoint lies in \(outputs.path)",
          remedy: "start a new run without --resume")
      }
      url = found.lastCheckpoint
      folder = found
    } else {
      (url, folder) = try CheckpointFinder(outputs: outputs).find(reference, preferLast: true)
      if let folder, FolderLock.isHeld(folder.url) { _ = try FolderLock.training(folder) }
    }
    checkpoint = try Checkpoint(contentsOf: url)
    guard let past = checkpoint.lab["position"].flatMap(TrainingPosition.init) else {
      throw LabError(
        .checkpoint, "\(url.path) does not say how far its training came",
        remedy: "take its weights alone with --load-checkpoint")
    }
    self.past = past
  }

  /// The best checkpoint of the run, as one that was trained with `settings`; nil when it does not lie beside the last.
  func best(under settings: Settings) throws -> Checkpoint? {
    let file = url.deletingLastPathComponent().appending(path: "best.safetensors")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var best = try Checkpoint(contentsOf: file)
    let changed: [String: JSONValue] = [
      "settings": settings.json, "seed": .integer(Int64(settings.count("seed"))),
    ]
    best.lab = .object((best.lab.object ?? [:]).merging(changed) { $1 })
    return best
  }

  /// Notes in the old run that another has taken over, so that `auto` does not choose it again; in the database it no
  /// longer runs, though its process may have been killed before it could say so.
  func markTaken(by run: RunFolder, _ workspace: Workspace) {
    guard let folder else { return }
    try? AtomicFile.write("\(run.url.path)\n", to: Self.note(in: folder), kind: .tracking)
    try? ExperimentDatabase(workspace.database, create: false)
      .endAbandoned(folder.id, reason: "broke off; run \(run.id) went on")
  }

  /// The newest run or study below `outputs` that has not ended and that no process is at; the runs of a study go on with it
  /// alone.
  static func newestUnfinished(_ experiment: Experiment?, under outputs: URL) -> RunFolder? {
    let all = RunFolder.all(under: outputs)
    let ofStudies = Set(all.compactMap { try? StudyRecord(in: $0) }.flatMap(\.runs))
    return all.first { run in
      let exists = { (url: URL) in FileManager.default.fileExists(atPath: url.path) }
      guard experiment == nil || run.url.deletingLastPathComponent().lastPathComponent == experiment?.name,
        exists(run.lastCheckpoint) || exists(StudyRecord.file(in: run)),
        !exists(note(in: run)), !ofStudies.contains(run.id), !FolderLock.isHeld(run.url)
      else { return false }
      return !isFinished(run)
    }
  }

  /// The run or study has come to its end.
  static func isFinished(_ run: RunFolder) -> Bool {
    let results = (try? Data(contentsOf: run.results)).flatMap { try? JSONValue(parsing: Array($0)) }
    return results?["status"]?.string == RunStatus.finished.rawValue
  }

  private static func note(in run: RunFolder) -> URL { run.url.appending(path: "resumed-as.txt") }
}
