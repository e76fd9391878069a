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
  ///
  /// - Parameters:
  ///   - unfinished: runs of the study that were begun and have not ended.
  ///   - begun: hears the name of the run when it has a folder.
  func train(
    _ next: StudyPlan.Cell, _ folder: RunFolder, unfinished: [String], begun: (String) throws -> Void
  ) throws -> StudyCell? {
    var own = try plan.settings(of: next.values)
    try own.set("seed", to: "\(next.seed)", source: "--seeds")
    let past = unfinished.compactMap { run in
      (try? Resumption(
        run, experiment: plan.experiment, finder: CheckpointFinder(outputs: outputs, workspace: workspace)))
        .map { (run, $0) }
    }.filter { $0.1.checkpoint.lab["settings"] == own.json }
    let (earlier, resumption) = (past.map(\.0), past.last?.1)
    let stopping = hyperband(next, folder, earlier, epochs: own.count("epochs"))
    let logger = Narrative.begin(level: max(level, .notice))
    defer { _ = Narrative.begin(level: level) }
    let session = TrainingSession(
      plan: try RunPlan(
        catalog, plan.experiment, own, folder: DataFolder(options.common.dataRoot),
        prefetch: try options.common.prefetch()),
      options: cellOptions(folder), explanations: 0, workspace: workspace, outputs: outputs,
      resumption: resumption, logger: logger, git: git,
      command: ["swift", "run", "train"] + plan.words(for: next), label: next.label,
      judges: [stopping].compactMap(\.self))
    var name: String?
    let clock = Stopwatch()
    defer { try? Narrative.keep(in: folder.log) }
    do {
      let (finished, run) = try session.train { run in
        name = run.id
        try begun(run.id)
      }
      guard finished.outcome.status == .finished else { return nil }
      return StudyCell(
        values: next.values, seed: next.seed, run: run.id, earlier: earlier, stopped: stopping?.reason,
        metrics: metrics(finished, resumption), parameters: finished.parameterCount,
        seconds: finished.outcome.seconds)
    } catch let error as LabError where error.kind == .training && name != nil {
      // A loss that became NaN is a result of the study, and would be the same another time.
      return StudyCell(
        values: next.values, seed: next.seed, run: name ?? "", earlier: earlier,
        failure: error.cause, metrics: [:], parameters: 0, seconds: clock.seconds)
    }
  }

  /// Who ends the run when others did better after as many epochs.
  private func hyperband(_ next: StudyPlan.Cell, _ folder: RunFolder, _ earlier: [String], epochs: Int)
    -> HyperbandStopping?
  {
    guard let search = plan.study.search, let hyperband = search.hyperband, let objective = search.objective
    else { return nil }
    let outputs = outputs
    func histories(_ cells: [StudyCell]) -> [[Int: Double]] {
      StudyHistories([objective.metric], of: cells, under: outputs).all(objective.metric)
    }
    let past = StudyCell(runs: earlier).map { histories([$0]) }?.first ?? [:]
    return HyperbandStopping(hyperband, objective, epochs: epochs, past: past) {
      let ended = (try? StudyRecord(in: folder))?.cells ?? []
      let running = StudyMember.places(in: folder).filter { plan.cells[$0] != next }
        .compactMap { StudyCell(runs: StudyMember.Report(of: $0, in: folder).begun) }
      return histories(ended + running)
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
