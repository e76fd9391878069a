import DataUtils
import Engine
import Foundation
import Logging
import Tracking
import Utils

/// Trains every run of a study, one after the other, and reports on all of them.
struct StudySession {
  let catalog: ModelCatalog
  let experiment: Experiment
  let study: Study
  /// What all runs share.
  let settings: Settings
  let options: TrainOptions
  let workspace: Workspace
  let outputs: URL
  let git: GitReading
  /// The folder of a study that goes on.
  let resumed: RunFolder?
  /// How much the console tells.
  let level: Logger.Level

  /// Trains what is missing; 0, or 128 and the signal when a person ended it.
  func run() throws -> Int32 {
    let clock = Stopwatch()
    let folder = try resumed ?? RunFolder.create(under: outputs, experiment: experiment.name)
    var record =
      try StudyRecord(in: folder)
      ?? StudyRecord(
        experiment: experiment.name, settings: settings.json, sweep: study.sweep, seeds: study.seeds)
    let logger = Narrative.begin(level: level)
    try Narrative.keep(in: folder.log)
    try record.write(to: folder)
    let plans = cellPlans.filter { plan in
      !record.cells.contains { $0.values == plan.values && $0.seed == plan.seed }
    }
    let trackers = TrackerGroup(studyTrackers(logger)) { logger.warning("\($0)") }
    let description = try description(folder)
    trackers.runStarts(description, in: folder)
    tellBeginning(logger, left: plans.count)
    for (place, plan) in plans.enumerated() {
      let cell = try train(plan, folder, &record)
      try Narrative.keep(in: folder.log)
      guard let cell else { return interrupted(folder, trackers, logger, clock) }
      record.cells.append(cell)
      record.running = nil
      try record.write(to: folder)
      let left = plans.count - place - 1
      let time =
        left == 0 ? "" : ", about \(durationText(clock.seconds / Double(place + 1) * Double(left))) left"
      logger.info("\(cell.label)  \(brief(cell))  (\(durationText(cell.seconds))\(time))")
    }
    try conclude(
      StudyResult(experiment, study, cells: ordered(record.cells)), description, folder, trackers, logger,
      clock)
    return 0
  }

  /// One run that is to be trained.
  struct CellPlan {
    let values: [String: String]
    let seed: Int
  }

  private var cellPlans: [CellPlan] {
    study.combinations.flatMap { values in
      (0..<study.seeds).map { CellPlan(values: values, seed: settings.count("seed") + $0) }
    }
  }

  private func ordered(_ cells: [StudyCell]) -> [StudyCell] {
    cellPlans.compactMap { plan in cells.first { $0.values == plan.values && $0.seed == plan.seed } }
  }

  /// Trains one run, or what is left of one that was interrupted; nil when a person ended it.
  private func train(_ plan: CellPlan, _ folder: RunFolder, _ record: inout StudyRecord) throws -> StudyCell?
  {
    var own = settings
    for (key, value) in plan.values { try own.set(key, to: value, source: "\(key)=\(value)") }
    try own.set("seed", to: "\(plan.seed)", source: "--seeds")
    var quiet = options
    quiet.tags.append("study-\(folder.id)")
    let runPlan = try RunPlan(
      catalog, experiment, own, folder: DataFolder(options.common.dataRoot),
      prefetch: try options.common.prefetch())
    let unfinished = record.running.flatMap { try? Resumption($0, experiment: experiment, outputs: outputs) }
    let resumption = unfinished.flatMap { $0.checkpoint.lab["settings"] == own.json ? $0 : nil }
    let words = plan.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var session = TrainingSession(
      plan: runPlan, options: quiet, explanations: 0, workspace: workspace, outputs: outputs,
      resumption: resumption, logger: Narrative.begin(level: max(level, .warning)), git: git)
    session.command = command + words + ["seed=\(plan.seed)"]
    defer { _ = Narrative.begin(level: level) }
    var started = record
    let (finished, run) = try session.train { run in
      started.running = run.id
      try started.write(to: folder)
    }
    record = started
    guard finished.outcome.status == .finished else { return nil }
    return StudyCell(
      values: plan.values, seed: plan.seed, run: run.id,
      metrics: Dictionary(finished.outcome.summary.map { ($0.name, $0.value) }) { first, _ in first },
      seconds: finished.outcome.seconds)
  }

  /// The command that trains one run of the study, without its values.
  private var command: [String] {
    let changed = settings.all.filter { settings.isGiven($0.key) && $0.key != "seed" }
    return ["swift", "run", "train", "--experiment", experiment.name]
      + (experiment.study == nil ? [] : ["--seeds", "1"])
      + changed.map { "\($0.key)=\($0.value == nil ? "none" : $0.value.string ?? $0.value.text())" }
  }

  private func brief(_ cell: StudyCell) -> String {
    study.shown.compactMap { name in cell.metrics[name].map { "\(name) \(figure($0))" } }.joined(
      separator: "  ")
  }

  private func tellBeginning(_ logger: Logger, left: Int) {
    let axes = study.sweep.map { "\($0.key) = \($0.values.joined(separator: ", "))" }
    let seeds = "\(study.seeds) seed\(study.seeds == 1 ? "" : "s")"
    let rows = [
      ["experiment", "\(Terminal.bold(experiment.name)) (\(experiment.purpose)): \(experiment.summary)"],
      ["study", "\(study.runCount) runs: \((axes + [seeds]).joined(separator: "; "))"],
    ]
    logger.info("\(aligned(rows))")
    if left < study.runCount { logger.info("going on: \(study.runCount - left) of them have ended before") }
  }

  private func studyTrackers(_ logger: Logger) -> [any Tracker] {
    guard let database = try? ExperimentDatabase(workspace.database) else { return [FileTracker()] }
    return [FileTracker(), DatabaseTracker(database)]
  }

  private func description(_ folder: RunFolder) throws -> RunDescription {
    var config = TrainingSession.config(catalog, experiment, settings).object ?? [:]
    config["study"] = [
      "seeds": .integer(Int64(study.seeds)),
      "sweep": .object(
        Dictionary(study.sweep.map { ($0.key, .string($0.values.joined(separator: ","))) }) { $1 }),
    ]
    return RunDescription(
      id: folder.id, model: catalog.folder, architecture: experiment.network.architecture,
      experiment: experiment.name, dataset: "see its runs", seed: UInt64(settings.count("seed")),
      config: .object(config), tags: options.tagList + ["study"],
      command: ["swift", "run", "train"] + CommandLine.arguments.dropFirst(), git: git.facts,
      machine: MachineFacts.read())
  }

  private func interrupted(
    _ folder: RunFolder, _ trackers: TrackerGroup, _ logger: Logger, _ clock: Stopwatch
  ) -> Int32 {
    let code = 128 + Interruption.signal
    trackers.runEnds(
      RunOutcome(status: .stopped, exitCode: code, reason: "interrupted", seconds: clock.seconds))
    logger.info("stopped; the runs that have ended are kept")
    logger.info("go on with: swift run train --resume \(folder.id)\(whereabouts)")
    return code
  }

  private func conclude(
    _ result: StudyResult, _ description: RunDescription, _ folder: RunFolder, _ trackers: TrackerGroup,
    _ logger: Logger, _ clock: Stopwatch
  ) throws {
    let pictures = try result.write(to: folder, runsUnder: outputs)
    for picture in pictures { trackers.artifact(Artifact(url: picture, kind: "picture")) }
    let outcome = RunOutcome(
      status: .finished, summary: result.metrics.map { ($0.name, $0.value) }, result: result.runResult,
      seconds: clock.seconds)
    var report = RunReport(
      run: description, outcome: outcome, pictures: pictures.filter { $0.pathExtension == "svg" })
    report.tables = result.tables
    try report.write(to: folder.report)
    trackers.runEnds(outcome)
    try folder.becomeLatest(in: outputs)
    for line in result.lines { logger.info("\(line)") }
    logger.info("kept in \(folder.url.path)")
  }

  private var whereabouts: String { options.outputDir.map { " --output-dir \(shellQuoted($0))" } ?? "" }
}
