import Foundation
import Tracking
import Utils

/// Finds runs of a comparison that were made already: of the same model, experiment, settings and data, whatever the commit
/// and the number of threads.
public struct RunSearch {
  private let database: ExperimentDatabase

  /// A search in `database`.
  public init(_ database: ExperimentDatabase) { self.database = database }

  /// The newest finished run of `model` with this seed; nil when there is none.
  public func finished(_ model: ComparedModel, seed: Int) throws -> RunRecord? {
    try newest(.finished, model, seed)
  }

  /// The newest run that a person stopped, and that can go on.
  public func stopped(_ model: ComparedModel, seed: Int) throws -> RunRecord? {
    try newest(.stopped, model, seed) { record in
      guard let folder = RunFolder(at: record.folder) else { return false }
      return FileManager.default.fileExists(atPath: folder.lastCheckpoint.path)
        && !FileManager.default.fileExists(atPath: record.folder.appending(path: "resumed-as.txt").path)
    }
  }

  /// How long the training took, with the runs that this one has continued.
  public func seconds(of run: RunRecord) throws -> Double {
    var total = run.seconds ?? 0
    guard Self.isContinued(run) else { return total }
    let all = try database.runs(RunFilter(model: run.model, experiment: run.experiment), limit: .max)
    var (parent, left) = (run.parent, all.count)
    while let sum = parent, left > 0, let before = all.first(where: { $0.checkpointSHA256 == sum }) {
      total += before.seconds ?? 0
      (parent, left) = (before.parent, left - 1)
    }
    return total
  }

  private func newest(
    _ status: RunStatus, _ model: ComparedModel, _ seed: Int,
    where isUsable: (RunRecord) -> Bool = { _ in true }
  ) throws -> RunRecord? {
    let wanted = model.settings(seed: seed)
    let filter = RunFilter(model: model.folder, experiment: model.experiment, status: status)
    return try database.runs(filter, limit: .max).first { run in
      // Weights from elsewhere make it another experiment; a run that was stopped and resumed ends as one that was not.
      guard run.parent == nil || Self.isContinued(run), isUsable(run) else { return false }
      let parameters = try database.run(run.id).parameters
      let settings = parameters.filter { $0.key.hasPrefix("settings.") }
      guard settings.count == wanted.count,
        wanted.allSatisfy({ settings["settings.\($0.key)"] == $0.value })
      else { return false }
      guard let fingerprint = model.fingerprints[seed] else { return true }
      return parameters["data.fingerprint"] == fingerprint
    }
  }

  private static func isContinued(_ run: RunRecord) -> Bool {
    run.parent != nil && run.command.contains("--resume")
  }
}
