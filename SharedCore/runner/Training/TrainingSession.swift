import DataUtils
import Engine
import Foundation
import Kernels
import Logging
import Tracking
import Utils

/// One run of `train` from its network to its report.
struct TrainingSession {
  let plan: RunPlan
  let options: TrainOptions
  let explanations: Int
  let workspace: Workspace
  let outputs: URL
  let resumption: Resumption?
  let logger: Logger
  let git: GitReading
  /// The command that would train the same again.
  var command = ["swift", "run", "train"] + CommandLine.arguments.dropFirst()

  private var experiment: Experiment { plan.experiment }

  /// Trains, judges, saves and reports; 0, or 128 and the signal when a person ended it.
  func run() throws -> Int32 { try train { _ in }.finished.outcome.exitCode }

  /// Trains, judges, saves and reports; `begun` hears of the run's folder.
  func train(begun: (RunFolder) throws -> Void) throws -> (finished: Finished, folder: RunFolder) {
    let clock = Stopwatch()
    let network = try plan.network()
    let starting = try startingCheckpoint()
    try starting?.load(into: network)
    let rule = try experiment.training.rule(
      for: network, plan.settings, monitor: experiment.monitor,
      batchesPerEpoch: plan.trainingLoader().batchCount)
    try resumption?.checkpoint.load(into: rule)
    try prepareExplanations(rule)

    let folder = try RunFolder.create(under: outputs, experiment: experiment.name)
    try Narrative.keep(in: folder.log)
    try begun(folder)
    let run = try description(folder, starting)
    let trackers = TrackerGroup(try trackerList()) { [logger] in logger.warning("\($0)") }
    trackers.runStarts(run, in: folder)
    tellBeginning(network, run)
    do {
      let outcome = try train(network, rule, folder, trackers, clock)
      try conclude(outcome, run, folder, trackers)
      resumption?.markTaken(by: folder)
      return (outcome, folder)
    } catch {
      let reason = (error as? LabError)?.description ?? "\(error)"
      let code = (error as? LabError)?.exitCode ?? 1
      trackers.runEnds(RunOutcome(status: .failed, exitCode: code, reason: reason, seconds: clock.seconds))
      throw error
    }
  }

  /// What `--print-config` shows and every run records.
  static func config(_ catalog: ModelCatalog, _ experiment: Experiment, _ settings: Settings) -> JSONValue {
    [
      "model": .string(catalog.folder), "experiment": .string(experiment.name),
      "purpose": .string(experiment.purpose.rawValue),
      "architecture": .string(experiment.network.architecture),
      "training": .string(experiment.training.name(settings)), "expected": .string(experiment.band.text),
      "settings": settings.json,
    ]
  }

  // MARK: - Before

  private func startingCheckpoint() throws -> Checkpoint? {
    if let resumption { return resumption.checkpoint }
    guard let reference = options.loadCheckpoint else { return nil }
    return try Checkpoint(contentsOf: CheckpointFinder(outputs: outputs).find(reference).url)
  }

  private func prepareExplanations(_ rule: any TrainingRule) throws {
    guard explanations > 0 else { return }
    guard let teacher = rule as? any ExplainsSteps else {
      throw LabError(
        .usage,
        "\(experiment.name) learns by \(experiment.training.name(plan.settings)), which cannot be told step by step",
        remedy: "leave --explain out")
    }
    let train = plan.data.splits.train
    let logger = logger
    var features = train.featureNames
    if plan.data.preprocessing != .none {
      features = features.map { String($0.prefix { $0 != "(" }).trimmingCharacters(in: .whitespaces) }
      logger.info("x holds the features as the network sees them: centred and scaled, without a unit\n")
    }
    teacher.explain(explanations, features: features, classes: train.classNames) { logger.info("\($0)") }
  }

  private func description(_ folder: RunFolder, _ starting: Checkpoint?) throws -> RunDescription {
    let splits = plan.data.splits
    var config = Self.config(plan.catalog, experiment, plan.settings).object ?? [:]
    config["network"] = plan.configuration
    config["data"] = [
      "name": .string(splits.train.name), "fingerprint": .string(splits.fingerprint),
      "counts": .object(
        Dictionary(
          uniqueKeysWithValues: try splits.parts.map {
            ($0.rawValue, .integer(Int64(try splits.part($0).count)))
          })),
      "preprocessing": plan.data.preprocessing.json["kind"] ?? nil,
    ]
    return RunDescription(
      id: folder.id, model: plan.catalog.folder, architecture: experiment.network.architecture,
      experiment: experiment.name, dataset: splits.train.name, seed: plan.seed, config: .object(config),
      tags: options.tagList, command: command,
      git: git.facts, machine: MachineFacts.read(),
      libraries: ["oneDNN": KernelLibrary.oneDNNVersion, "kernels": Kernels.requested],
      parent: try starting?.origin.map { try SHA256.hex(ofFileAt: $0) })
  }

  private func trackerList() throws -> [any Tracker] {
    do {
      let folder = workspace.database.deletingLastPathComponent()
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let database = try ExperimentDatabase(workspace.database)
      if let notice = database.notice { logger.warning("\(notice)") }
      return [FileTracker(), DatabaseTracker(database)]
    } catch let error as LabError {
      logger.warning("this run is not in the experiment database: \(error)")
      return [FileTracker()]
    }
  }

  private func tellBeginning(_ network: any Layer, _ run: RunDescription) {
    let splits = plan.data.splits
    let parts = splits.parts.filter { ($0 == .all) == (splits.parts == [.train, .all]) }
      .map { "\($0) \((try? splits.part($0).count) ?? 0)" }.joined(separator: ", ")
    let rows = [
      ["experiment", "\(Terminal.bold(experiment.name)) (\(experiment.purpose)): \(experiment.summary)"],
      [
        "data",
        "\(splits.train.name): \(parts) samples of shape \(splits.train.sampleShape), \(plan.data.classes) classes",
      ],
      ["network", "\(experiment.network.architecture), \(network.parameterCount) parameters"],
      ["learning", experiment.training.name(plan.settings)],
    ]
    logger.info("\(aligned(rows))")
    if splits.train.omittedRowCount > 0 {
      logger.info("\(splits.train.omittedRowCount) rows with a missing cell were left out")
    }
    if let resumption {
      logger.info("going on after epoch \(resumption.past.epochs) of \(resumption.url.path)")
    }
  }

  // MARK: - Training

  /// A finished training with everything that the report speaks of.
  struct Finished {
    let outcome: RunOutcome
    let fit: FitReport
    let judgements: [Judgement]
    let pictures: [URL]
  }

  private func train(
    _ network: any Layer, _ rule: any TrainingRule, _ folder: RunFolder, _ trackers: TrackerGroup,
    _ clock: Stopwatch
  ) throws -> Finished {
    Interruption.watch()
    let book = try PictureBook(plan, network, folder: folder.visualizations, draws: options.visualize)
    let stopping = plan.settings.int("patience").map {
      EarlyStopping(watching: experiment.monitor, patience: $0)
    }
    let target = plan.settings.optional("target").map {
      TargetReached(watching: experiment.monitor, target: $0)
    }
    let saving = options.noSaveCheckpoint ? nil : checkpointing(network, rule, folder, stopping)
    if let resumption {
      if let state = resumption.checkpoint.lab["early_stopping"], state != nil {
        try stopping?.restore(state, after: resumption.past.epochs)
      }
      saving?.restore(resumption.checkpoint, best: try resumption.best(under: plan.settings))
    }
    let watchers: [(any Callback)?] = [
      Interruption(), target, stopping, EpochNarrator(logger), MetricLogging(trackers), saving, book,
    ]
    let evaluator = Evaluator(classes: plan.data.classes, loss: plan.loss)
    let measured = try measuredParts.map { ($0, try plan.loader(for: $0)) }
    let profiling = options.profile ? Profiling(network, folder, logger, trackers) : nil
    var trainer = Trainer(
      epochs: plan.settings.count("epochs"), seed: plan.seed,
      callbacks: (watchers + [profiling]).compactMap { $0 }
    ) {
      try measured.flatMap { part, loader in
        try withVariants(network).flatMap { prefix, network in
          try evaluator.evaluate(network, on: loader).brief.map {
            Metric("\(part)_\(prefix)\($0.name)", $0.value)
          }
        }
      }
    }
    trainer.observer =
      options.detectAnomaly ? AnomalyDetector(network) : profiling.map { $0.profiler as any PassObserver }
    let fit: FitReport
    do {
      fit = try trainer.fit(rule, on: plan.trainingLoader(), after: resumption?.past ?? (0, 0))
    } catch {
      try? saving?.write()  // the last good state; a full disk has said so already
      throw error
    }

    // What is judged is what is kept: after an interruption, the last whole epoch.
    if Interruption.signal != 0 { try saving?.kept?.load(into: network) }
    let judgements = try plan.judgedParts.map { try Judgement(network, plan, on: $0) }
    let result = (judgements.first { $0.part == experiment.band.part } ?? judgements[0]).result(experiment)
    let pictures = try book.finish(fit, judgements)
    let checkpoint = saving == nil ? nil : try SHA256.hex(ofFileAt: folder.lastCheckpoint)
    for (url, sum) in [(folder.lastCheckpoint, checkpoint), (folder.bestCheckpoint, nil)] where saving != nil
    {
      trackers.artifact(Artifact(url: url, kind: "checkpoint", sha256: try sum ?? SHA256.hex(ofFileAt: url)))
    }
    for picture in pictures { trackers.artifact(Artifact(url: picture, kind: "picture")) }
    let signal = Interruption.signal
    return Finished(
      outcome: RunOutcome(
        status: signal == 0 ? .finished : .stopped, exitCode: signal == 0 ? 0 : 128 + signal,
        reason: fit.reason,
        summary: judgements.flatMap(\.summary) + [("median_epoch_seconds", fit.medianEpochSeconds)],
        result: result,
        checkpointSHA256: checkpoint, seconds: clock.seconds),
      fit: fit, judgements: judgements, pictures: pictures)
  }

  private var measuredParts: [DataSplits.Part] {
    experiment.measured.isEmpty && plan.data.splits.val != nil ? [.val] : experiment.measured
  }

  /// Copies of everything that determines the rest of the training, and nothing else.
  private func checkpointing(
    _ network: any Layer, _ rule: any TrainingRule, _ folder: RunFolder, _ stopping: EarlyStopping?
  ) -> Checkpointing {
    let fixed: [String: JSONValue] = [
      "model": .string(plan.catalog.folder), "architecture": .string(experiment.network.architecture),
      "configuration": plan.configuration, "experiment": .string(experiment.name),
      "settings": plan.settings.json,
      "training": .string(experiment.training.name(plan.settings)),
      "seed": .integer(Int64(plan.settings.count("seed"))),
      "data": [
        "name": .string(plan.data.splits.train.name), "fingerprint": .string(plan.data.splits.fingerprint),
        "classes": .array(plan.data.splits.train.classNames.map(JSONValue.string)),
        "sample_shape": .array(plan.data.splits.train.sampleShape.map { .integer(Int64($0)) }),
        "preprocessing": plan.data.preprocessing.json,
      ],
    ]
    return Checkpointing(
      monitor: experiment.monitor, last: folder.lastCheckpoint, best: folder.bestCheckpoint
    ) {
      epoch, step, metrics, best in
      var lab = fixed
      lab["position"] = ["epoch": .integer(Int64(epoch)), "step": .integer(Int64(step))]
      lab["metrics"] = .object(Dictionary(metrics.map { ($0.name, .number($0.value)) }) { first, _ in first })
      lab["best"] = best
      lab["early_stopping"] = stopping?.state ?? nil
      return Checkpoint(of: network, rule: rule, lab: lab)
    }
  }

  // MARK: - After

  private func conclude(
    _ finished: Finished, _ run: RunDescription, _ folder: RunFolder, _ trackers: TrackerGroup
  ) throws {
    let evaluate =
      options.noSaveCheckpoint ? nil : "swift run evaluate --checkpoint \(folder.id)\(whereabouts)"
    let report = RunReport(
      run: run, outcome: finished.outcome,
      lastEpoch: finished.fit.history.last?.metrics.map { ($0.name, $0.value) } ?? [],
      pictures: finished.pictures.filter { $0.pathExtension == "svg" }, evaluateCommand: evaluate)
    try report.write(to: folder.report)
    trackers.artifact(Artifact(url: folder.report, kind: "report"))
    trackers.runEnds(finished.outcome)

    let fit = finished.fit
    logger.info(
      "stopped after epoch \(fit.epochs): \(fit.reason); \(durationText(fit.medianEpochSeconds)) an epoch")
    for judgement in finished.judgements {
      for line in judgement.lines(experiment) { logger.info("\(line)") }
    }
    logger.info("kept in \(shown(folder.url))")
    if finished.outcome.status == .stopped {
      logger.info("go on with: swift run train --resume \(folder.id)\(whereabouts)")
    } else if let evaluate {
      logger.info("judge it again with: \(evaluate)")
    }
  }

  /// What a later command needs to find this run, when it is not where runs are looked for.
  private var whereabouts: String { options.outputDir.map { " --output-dir \(shellQuoted($0))" } ?? "" }

  /// A path as a person would type it from where they are.
  private func shown(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
  }
}
