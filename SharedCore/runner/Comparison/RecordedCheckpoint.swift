import Engine
import Foundation
import Tracking
import Utils

/// The checkpoint that speaks for a recorded run: that of its result or, of one that was ended on the way, its last state.
struct RecordedCheckpoint {
  /// Its file in the run's folder: `last.safetensors` or `best.safetensors`.
  let name: String
  /// Its SHA-256.
  let sum: String
  /// The step after which the run was ended; nil where it ended by itself.
  let end: Int?
  /// How it was ended, in a sentence; nil where it ended by itself.
  let notice: String?

  /// Throws where `run` has none, or is still trained.
  init(of run: RunDetails, in database: ExperimentDatabase) throws {
    let record = run.record
    let (finished, running) = (record.status == .finished, record.status == .running)
    let folder = try? RunPlaces(database).folder(record.id)
    if let folder, try StudyRecord(in: folder) != nil {
      throw LabError(
        .usage, "\(record.id) is a study of many runs", remedy: "name one of them; lab runs lists them")
    }
    guard !running else {
      throw LabError(.usage, "run \(record.id) is still being trained", remedy: "wait until it ends")
    }
    let last = folder.flatMap { try? RunCheckpoints.State($0.lastCheckpoint) }
    if finished {
      guard let sum = record.checkpointSHA256 else {
        throw LabError(
          .usage, "run \(record.id) has kept no checkpoint to hold another against",
          remedy: "name a run that was trained without --no-save-checkpoint")
      }
      self.sum = sum
      name =
        Self.sums(of: run).first { $0.value == sum && $0.key == "best.safetensors" }?.key
        ?? "last.safetensors"
      // A sweep ends a run for what others did, which are not trained again.
      let isEarly = (last?.past.epochs ?? .max) < run.parameters["settings.epochs"].flatMap(Int.init) ?? 0
      end = isEarly && record.tags.contains { $0.hasPrefix("study-") } ? last?.past.steps : nil
      notice = end.map { "run \(record.id) was ended by its study after step \($0), and so is the new one" }
      return
    }
    guard let last, let sum = try? SHA256.hex(ofFileAt: last.url) else {
      throw LabError(
        .usage,
        "run \(record.id) was ended on the way (\(record.status.rawValue)) and has kept no whole checkpoint",
        remedy: "name a run that has finished, or one with a models/last.safetensors")
    }
    (name, self.sum, end) = ("last.safetensors", sum, last.past.steps)
    let inside = last.past.batches > 0 ? " and \(last.past.batches) batches" : ""
    notice =
      "run \(record.id) was ended on the way (\(record.status.rawValue): \(record.reason ?? "no reason is known")); it is "
      + "trained again up to its last state, after \(last.past.epochs) epochs\(inside), step \(last.past.steps)"
  }

  /// The SHA-256 of the checkpoints that `run` has kept, by the names of their files.
  static func sums(of run: RunDetails) -> [String: String] {
    let kept = run.artifacts.filter { $0.kind == "checkpoint" }.compactMap { file in
      file.sha256.map { (file.url.lastPathComponent, $0) }
    }
    return Dictionary(kept) { $1 }
  }
}
