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
  /// What a person should know of the choice: that a damaged file was passed over.
  private(set) var notices: [String] = []
  /// Of the folder: nobody else goes on with it, or trains in it, for as long as this lives.
  private let lock: FolderLock?

  /// What `--resume` means: `auto`, the newest unfinished run of `experiment`, or a run or checkpoint that `finder` finds.
  init(_ reference: String, experiment: Experiment?, finder: CheckpointFinder) throws {
    let place =
      reference == "auto"
      ? .run(try Self.unfinished(experiment, under: finder.outputs)) : try finder.place(reference)
    folder = place.run
    // Where nothing can be written, nobody trains.
    lock = try folder.flatMap { run in
      FileManager.default.isWritableFile(atPath: run.url.path) ? try FolderLock.training(run) : nil
    }
    let state: RunCheckpoints.State
    switch place {
    case .file(let url, _): state = try RunCheckpoints.State(url)
    case .run(let run):
      try finder.requireCheckpoints(of: run)
      let found = try RunCheckpoints(of: run).newestWhole()
      state = found.state
      if let notice = found.notice { notices.append(notice) }
    }
    (url, checkpoint, past) = (state.url, state.checkpoint, state.past)
    if let folder, lock != nil {
      for place in [folder.models, folder.url] { AtomicFile.removeLeftovers(in: place) }
    }
  }

  /// The best checkpoint of the run, as one that was trained with `settings`; nil when it does not lie beside the last, or
  /// is damaged.
  func best(under settings: Settings) -> (best: Checkpoint?, notice: String?) {
    let file = url.deletingLastPathComponent().appending(path: "best.safetensors")
    guard FileManager.default.fileExists(atPath: file.path) else { return (nil, nil) }
    do {
      var best = try Checkpoint(contentsOf: file)
      let changed: [String: JSONValue] = [
        "settings": settings.json, "seed": .integer(Int64(settings.count("seed"))),
      ]
      best.lab = .object((best.lab.object ?? [:]).merging(changed) { $1 })
      return (best, nil)
    } catch {
      let cause = (error as? LabError)?.cause ?? "\(error)"
      return (nil, "\(cause); the best epoch is looked for anew, from here on")
    }
  }

  /// What the run has logged so far.
  var history: EarlierHistory {
    folder.map { EarlierHistory(of: $0, upTo: past.steps) } ?? EarlierHistory()
  }

  /// Throws where nothing is left to train with `settings`: a run without an epoch would be called the newest.
  func requireWork(under settings: Settings) throws {
    guard folder.map(Self.isFinished) ?? true else { return }
    let (epochs, name) = (settings.count("epochs"), folder.map { "run \($0.id)" } ?? url.path)
    guard past.epochs < epochs else {
      throw LabError(
        .usage, "\(name) has been trained for \(past.epochs) epochs and is asked for \(epochs)",
        remedy: "ask for more, such as --epochs \(2 * max(past.epochs, 1))")
    }
    if let folder, url == folder.lastCheckpoint, checkpoint.lab["settings"] == settings.json {
      throw LabError(
        .usage, "\(name) has finished: \(Self.results(of: folder)?["reason"]?.string ?? "nothing is left")",
        remedy: "change the setting that ended it, or begin a new run with --load-checkpoint \(folder.id)")
    }
  }

  /// Notes in the old run that another has taken over, so that `auto` does not choose it again; in the database it no
  /// longer runs, though its process may have been killed before it could say so.
  func markTaken(by run: RunFolder, _ workspace: Workspace) {
    guard let folder else { return }
    try? AtomicFile.write("\(run.url.path)\n", to: Self.note(in: folder), kind: .tracking)
    try? ExperimentDatabase(workspace.database, create: false)
      .endAbandoned(folder.id, reason: "killed; run \(run.id) went on", checkpoint: artifact)
  }

  private var artifact: Artifact? {
    (try? SHA256.hex(ofFileAt: url)).map { Artifact(url: url, kind: "checkpoint", sha256: $0) }
  }

  /// The newest run or study below `outputs` that has not ended and that no process is at; the runs of a study go on with it
  /// alone.
  static func newestUnfinished(_ experiment: Experiment?, under outputs: URL) -> RunFolder? {
    let all = RunFolder.all(under: outputs)
    let ofStudies = Set(all.compactMap { try? StudyRecord(in: $0) }.flatMap(\.runs))
    return all.first { run in
      let exists = { (url: URL) in FileManager.default.fileExists(atPath: url.path) }
      guard experiment == nil || run.url.deletingLastPathComponent().lastPathComponent == experiment?.name,
        RunCheckpoints(of: run).exist || exists(StudyRecord.file(in: run)),
        !exists(note(in: run)), !ofStudies.contains(run.id), !FolderLock.isHeld(run.url)
      else { return false }
      return !isFinished(run)
    }
  }

  private static func unfinished(_ experiment: Experiment?, under outputs: URL) throws -> RunFolder {
    if let found = newestUnfinished(experiment, under: outputs) { return found }
    throw LabError(
      .usage,
      "--resume auto: no unfinished run\(experiment.map { " of \($0.name)" } ?? "") with a checkpoint lies in \(outputs.path)",
      remedy: "start a new run without --resume")
  }

  /// The run or study has come to its end.
  static func isFinished(_ run: RunFolder) -> Bool {
    results(of: run)?["status"]?.string == RunStatus.finished.rawValue
  }

  private static func results(of run: RunFolder) -> JSONValue? {
    (try? Data(contentsOf: run.results)).flatMap { try? JSONValue(parsing: Array($0)) }
  }

  private static func note(in run: RunFolder) -> URL { run.url.appending(path: "resumed-as.txt") }
}
