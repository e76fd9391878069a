import DataUtils
import Engine
import Foundation
import Logging
import Tracking
import Utils

/// Of so many runs at the most each draws the pictures that `--visualize` asks for.
private let fewRuns = 8

extension StudySession {
  /// Trains one run, or what is left of one that was interrupted; nil when a person ended it.
  func train(_ next: StudyPlan.Cell, _ folder: RunFolder, _ record: inout StudyRecord) throws
    -> StudyCell?
  {
    var own = try plan.settings(of: next.values)
    try own.set("seed", to: "\(next.seed)", source: "--seeds")
    let resumption = record.unfinished.reversed().lazy.compactMap {
      try? Resumption($0, experiment: plan.experiment, outputs: outputs)
    }.first { $0.checkpoint.lab["settings"] == own.json }
    let logger = Narrative.begin(level: max(level, .notice))
    defer { _ = Narrative.begin(level: level) }
    let session = TrainingSession(
      plan: try RunPlan(
        catalog, plan.experiment, own, folder: DataFolder(options.common.dataRoot),
        prefetch: try options.common.prefetch()),
      options: cellOptions(folder), explanations: 0, workspace: workspace, outputs: outputs,
      resumption: resumption, logger: logger, git: git,
      command: ["swift", "run", "train"] + plan.words(for: next), label: next.label)
    let earlier = record.unfinished
    var begun = record
    let clock = Stopwatch()
    defer { try? Narrative.keep(in: folder.log) }
    do {
      let (finished, run) = try session.train { run in
        begun.unfinished.append(run.id)
        try begun.write(to: folder)
      }
      record = begun
      guard finished.outcome.status == .finished else { return nil }
      return StudyCell(
        values: next.values, seed: next.seed, run: run.id, earlier: earlier,
        metrics: metrics(finished, resumption), parameters: finished.parameterCount,
        seconds: finished.outcome.seconds)
    } catch let error as LabError where error.kind == .training && begun.unfinished.count > earlier.count {
      // A loss that became NaN is a result of the study, and would be the same another time.
      return StudyCell(
        values: next.values, seed: next.seed, run: begun.unfinished.last ?? "", earlier: earlier,
        failure: error.cause, metrics: [:], parameters: 0, seconds: clock.seconds)
    }
  }

  private func cellOptions(_ folder: RunFolder) -> TrainOptions {
    var options = options
    options.tags.append("study-\(folder.id)")
    options.tracking.study = "study-\(folder.id)"
    options.visualize = options.visualize && plan.study.runCount <= fewRuns
    return options
  }

  /// What was judged at the end and, where that says nothing, what the last epoch measured.
  private func metrics(_ finished: TrainingSession.Finished, _ resumption: Resumption?) -> [String: Double] {
    let before = (resumption?.checkpoint.lab["metrics"]?.object ?? [:]).compactMapValues(\.double)
    let last = finished.fit.history.last?.metrics.map { ($0.name, $0.value) } ?? before.map { ($0, $1) }
    return Dictionary(finished.outcome.summary.map { ($0.name, $0.value) } + last) { first, _ in first }
      .filter(\.value.isFinite)
  }
}
