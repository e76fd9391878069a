import DataUtils
import Engine
import Foundation
import Logging
import Tracking
import Utils

/// Trains every run of a study, one after the other or some at once, and reports on all of them.
struct StudySession {
  let catalog: ModelCatalog
  let plan: StudyPlan
  let options: TrainOptions
  /// The command line as it was typed, which processes of single runs are started with.
  let arguments: [String]
  let workspace: Workspace
  let outputs: URL
  let git: GitReading
  /// How much the console tells.
  let level: Logger.Level

  /// Trains what is missing; 0, or 128 and the signal when a person ended it.
  func run() throws -> Int32 {
    let clock = Stopwatch()
    if plan.resumed == nil { try plan.checkObjective(catalog, folder: DataFolder(options.common.dataRoot)) }
    let folder = try plan.resumed ?? RunFolder.create(under: outputs, experiment: plan.experiment.name)
    let lock = try FolderLock(
      folder.url, work: "the study \(folder.id) is being trained", remedy: "wait for it")
    defer { withExtendedLifetime(lock) {} }
    var record = try plan.resumed.flatMap { try StudyRecord(in: $0) } ?? StudyRecord(plan)
    let logger = Narrative.begin(level: level)
    try Narrative.keep(in: folder.log)
    try takeUp(folder, &record)
    let trackers = TrackerGroup(workspace.trackers(logger, goesOn: plan.resumed != nil)) {
      logger.warning("\($0)")
    }
    let description = try description(folder)
    trackers.runStarts(description, in: folder)
    do {
      guard try trainMissing(folder, &record, logger) else {
        return try interrupted(folder, trackers, logger, clock)
      }
      let result = StudyResult(plan, cells: ordered(record.cells))
      try conclude(result, description, folder, trackers, logger, clock)
      return 0
    } catch {
      let sentence = (error as? LabError)?.description ?? "\(error)"
      let code = (error as? LabError)?.exitCode ?? 1
      trackers.runEnds(RunOutcome(status: .failed, exitCode: code, reason: sentence, seconds: clock.seconds))
      throw error
    }
  }

  // MARK: - Runs

  /// Trains the runs that have not ended, and tells of each; false when a person ended the study.
  private func trainMissing(_ folder: RunFolder, _ record: inout StudyRecord, _ logger: Logger) throws -> Bool
  {
    let ended = Set(record.cells.map { StudyPlan.Cell(values: $0.values, seed: $0.seed) })
    let cells = plan.cells
    let missing = cells.indices.filter { !ended.contains(cells[$0]) }
    tellBeginning(logger, missing: missing.count)
    let clock = Stopwatch()
    var left = missing.count
    func finished(_ cell: StudyCell) throws -> Bool {
      record.take(cell)
      try record.write(to: folder)
      left -= 1
      let time = durationText(clock.seconds / Double(missing.count - left) * Double(left))
      logger.info(
        "\(cell.label)  \(told(cell))  (\(durationText(cell.seconds))\(left == 0 ? "" : "; \(left) left, about \(time)"))"
      )
      try objective?.check(cell)
      return objective?.isReached(by: cell) != true
    }
    if objective.map({ objective in record.cells.contains(where: objective.isReached) }) == true {
      return true
    }
    guard try options.jobCount == 1 else {
      try jobs(folder).run(missing) { place in
        guard let cell = StudyMember.Report(of: place, in: folder).cell else { return true }
        defer { try? FileManager.default.removeItem(at: StudyMember.file(place, "json", in: folder)) }
        return try finished(cell)
      }
      try takeUp(folder, &record)
      return Interruption.signal == 0
    }
    for place in missing {
      let cell = try train(cells[place], folder, unfinished: record.unfinished) { run in
        record.unfinished.append(run)
        try record.write(to: folder)
      }
      guard let cell else { return false }
      guard try finished(cell) else { break }
    }
    return true
  }

  private var objective: Objective? { plan.study.search?.objective }

  private func ordered(_ cells: [StudyCell]) -> [StudyCell] {
    plan.cells.compactMap { next in cells.first { $0.values == next.values && $0.seed == next.seed } }
  }

  // MARK: - Telling

  private func told(_ cell: StudyCell) -> String {
    (cell.failure.map { Terminal.yellow("failed: \($0)") } ?? cell.stopped.map { Terminal.yellow($0) })
      ?? plan.study.shown.compactMap { name in cell.metrics[name].map { "\(name) \(figure($0))" } }.joined(
        separator: "  ")
  }

  private func tellBeginning(_ logger: Logger, missing: Int) {
    let (experiment, study) = (plan.experiment, plan.study)
    let axes = study.sweep.map { "\($0.key) = \(shortened($0.values))" }
    let seeds = "\(study.seeds) seed\(study.seeds == 1 ? "" : "s")"
    let kind = study.search.map { "sweep of \($0.file)" } ?? "study"
    let rows = [
      ["experiment", "\(Terminal.bold(experiment.name)) (\(experiment.purpose)): \(experiment.summary)"],
      [kind, "\(study.runCount) runs: \((axes + [seeds]).joined(separator: "; "))"],
    ]
    logger.info("\(aligned(rows))")
    if let ignored = plan.sweepFile?.ignored, !ignored.isEmpty {
      logger.info("what the sweep file says for others is left out: \(ignored.joined(separator: ", "))")
    }
    if missing < study.runCount { logger.info("going on: \(study.runCount - missing) have ended before") }
  }

  /// All of few values, the ends of many.
  private func shortened(_ values: [String]) -> String {
    values.count <= 8 ? values.joined(separator: ", ") : "\(values[0]) to \(values[values.count - 1])"
  }

  private func description(_ folder: RunFolder) throws -> RunDescription {
    RunDescription(
      id: folder.id, model: catalog.folder, architecture: plan.experiment.network.architecture,
      experiment: plan.experiment.name, dataset: "\(plan.study.runCount) runs",
      seed: UInt64(plan.settings.count("seed")), config: plan.config(catalog),
      tags: options.tagList + ["study"],
      command: ["swift", "run", "train"]
        + (plan.resumed == nil ? Array(CommandLine.arguments.dropFirst()) : plan.words), git: git.facts,
      machine: MachineFacts.read())
  }

  private func interrupted(
    _ folder: RunFolder, _ trackers: TrackerGroup, _ logger: Logger, _ clock: Stopwatch
  ) throws -> Int32 {
    let code = 128 + Interruption.signal
    trackers.runEnds(
      RunOutcome(status: .stopped, exitCode: code, reason: "interrupted", seconds: clock.seconds))
    try folder.becomeLatest(in: outputs)
    let whereabouts = options.outputDir.map { " --output-dir \(shellQuoted($0))" } ?? ""
    logger.info("stopped; the runs that have ended are kept")
    logger.info("go on with: swift run train --resume \(folder.id)\(whereabouts)")
    return code
  }

  private func conclude(
    _ result: StudyResult, _ description: RunDescription, _ folder: RunFolder, _ trackers: TrackerGroup,
    _ logger: Logger, _ clock: Stopwatch
  ) throws {
    let table = folder.url.appending(path: "runs.csv")
    try AtomicFile.write(result.runsTable, to: table, kind: .tracking)
    trackers.artifact(Artifact(url: table, kind: "table"))
    let pictures = try StudyPictures(result, runsUnder: outputs).write(to: folder.visualizations)
    for picture in pictures { trackers.artifact(Artifact(url: picture, kind: "picture")) }
    let outcome = RunOutcome(
      status: .finished, summary: result.metrics, result: result.runResult, seconds: clock.seconds)
    var report = RunReport(
      run: description, outcome: outcome, pictures: pictures.filter { $0.pathExtension == "svg" })
    report.tables = result.tables
    report.counted = "runs"
    try report.write(to: folder.report)
    trackers.artifact(Artifact(url: folder.report, kind: "report"))
    trackers.runEnds(outcome)
    try? FileManager.default.removeItem(at: StudyMember.members(folder))
    try folder.becomeLatest(in: outputs)
    for line in result.lines { logger.info("\(line)") }
    logger.info("kept in \(folder.url.path)")
  }
}
