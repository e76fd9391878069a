import DataUtils
import Engine
import Foundation
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
  /// What it is called among others, before the lines of its epochs.
  var label: String?
  /// Who else may end it.
  var judges: [any Callback] = []

  var experiment: Experiment { plan.experiment }

  /// Trains, judges, saves and reports; `begun` hears of the run's folder.
  func train(begun: (RunFolder) throws -> Void) throws -> (finished: Finished, folder: RunFolder) {
    let clock = Stopwatch()
    let pretraining = try pretraining()
    let network = try plan.network(beginningWith: pretraining?.weights)
    let starting = try startingCheckpoint()
    try starting?.load(into: network)
    let rule = try experiment.training.rule(
      for: network, plan.loss, plan.settings, monitor: plan.monitor,
      batchesPerEpoch: plan.trainingLoader().batchCount)
    try resumption?.checkpoint.load(into: rule)
    try prepareExplanations(rule)
    let services = try options.tracking.trackers()

    let folder = try RunFolder.create(under: outputs, experiment: experiment.name)
    let lock = try FolderLock.training(folder)
    defer { withExtendedLifetime(lock) {} }
    try Narrative.keep(in: folder.log)
    try begun(folder)
    let run = try description(folder, starting?.origin ?? pretraining?.weights.file.url)
    let trackers = TrackerGroup(workspace.trackers(logger) + services) { [logger] in
      logger.warning("\($0)")
    }
    trackers.runStarts(run, in: folder)
    let earlier = resumption?.history ?? EarlierHistory()
    earlier.log(to: trackers)
    try keepConfiguration(folder, trackers)
    try keepSplit(folder)
    tellBeginning(network, pretraining)
    resumption?.noteSuccessor(folder, workspace)
    do {
      let outcome = try train(network, rule, pretraining, earlier, folder, trackers, clock)
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
    var config: [String: JSONValue] = [
      "model": .string(catalog.folder), "experiment": .string(experiment.name),
      "purpose": .string(experiment.purpose.rawValue),
      "architecture": .string(experiment.network.architecture(settings)),
      "training": .string(experiment.training.name(settings)), "expected": .string(experiment.band.text),
      "settings": settings.json,
    ]
    config["train_config"] = experiment.config?.nested(settings)
    return .object(config)
  }

  /// A finished training with everything that the report speaks of.
  struct Finished {
    let outcome: RunOutcome
    let parameterCount: Int
    let fit: FitReport
    let judgements: [Judgement]
    let pictures: [URL]
  }

  private func train(
    _ network: any Layer, _ rule: any TrainingRule, _ pretraining: Pretraining?, _ earlier: EarlierHistory,
    _ folder: RunFolder, _ trackers: TrackerGroup, _ clock: Stopwatch
  ) throws -> Finished {
    Interruption.watch()
    let book = try PictureBook(plan, network, folder: folder.visualizations, draws: options.visualize)
    let stopping = plan.settings.int("patience").map {
      EarlyStopping(watching: plan.monitor, patience: $0)
    }
    let target = plan.settings.optional("target").map {
      TargetReached(watching: plan.monitor, target: $0)
    }
    let saving =
      options.noSaveCheckpoint && experiment.judged == .last
      ? nil : try checkpointing(network, rule, pretraining, folder, stopping, trackers)
    if let resumption {
      if let state = resumption.checkpoint.lab["early_stopping"], state != nil {
        try stopping?.restore(state, after: resumption.past.epochs)
      }
      let (best, notice) = resumption.best(under: plan.settings)
      if let notice { logger.warning("\(notice)") }
      saving?.restore(resumption.checkpoint, best: best)
    }
    let records = ConfusionRecord(plan, in: folder, draws: options.visualize, after: resumption)
    let (narrator, logging) = (
      EpochNarrator(logger, label),
      MetricLogging(trackers, every: plan.logInterval, after: earlier.lastLoggedStep)
    )
    let watchers: [(any Callback)?] = [
      Interruption { rule.canPause }, options.questions.stopAfterStep.map(StopAfter.init), target, stopping,
      narrator, logging, HistogramLogging(trackers, network, rule), saving, book, records,
    ]
    let measurement = try EpochMeasurement(plan, records: records)
    (rule as? GradientRule)?.countsClasses = plan.countsF1
    let profiling = options.profile ? Profiling(network, folder, logger, trackers) : nil
    var trainer = Trainer(
      epochs: plan.settings.count("epochs"), seed: plan.seed,
      callbacks: (watchers + judges + [profiling]).compactMap { $0 }
    ) {
      try measurement.metrics(of: network)
    }
    trainer.observer =
      options.detectAnomaly ? AnomalyDetector(network) : profiling.map { $0.profiler as any PassObserver }
    var past = earlier.epochs
    if experiment.measuresStart, past.isEmpty, resumption?.past.steps ?? 0 == 0 {
      past = [try measurement.start(of: network, plan.trainingLoader())]
      for callback in [narrator, logging, records] as [(any Callback)?] {
        _ = try callback?.epochEnded(past[0])
      }
    }
    let fit: FitReport
    do {
      fit = try trainer.fit(rule, on: plan.trainingLoader(), after: resumption?.past ?? TrainingPosition())
        .after(past)
    } catch {
      try? saving?.write()  // the last good state; a full disk has said so already
      throw error
    }

    let judged = try judge(network, fit, saving)
    let judgements = judged.judgements
    let result = (judgements.first { $0.part == experiment.band.part } ?? judgements[0]).result(experiment)
    let pictures = try book.finish(fit, judgements)
    let checkpoint =
      try options.noSaveCheckpoint ? nil : keep(folder, trackers, judgedBest: judged.best != nil)
    for picture in pictures + (records?.pictures ?? []) {
      trackers.artifact(Artifact(url: picture, kind: "picture"))
    }
    if experiment.config != nil, checkpoint != nil {
      SpecifiedNames(folder: folder).link(best: judged.best, monitor: plan.monitor)
    }
    let signal = Interruption.signal
    return Finished(
      outcome: RunOutcome(
        status: wasEnded(fit) ? .stopped : .finished, exitCode: signal == 0 ? 0 : 128 + signal,
        reason: fit.reason,
        summary: judgements.flatMap(\.summary) + [("median_epoch_seconds", fit.medianEpochSeconds)]
          + bestEpoch(judged),
        result: result,
        checkpointSHA256: checkpoint, details: try details(folder, network, fit, judged),
        seconds: clock.seconds),
      parameterCount: network.parameterCount, fit: fit, judgements: judgements, pictures: pictures)
  }

  /// Somebody has ended the training, which would have gone on.
  func wasEnded(_ fit: FitReport) -> Bool {
    Interruption.signal != 0 || options.questions.stopAfterStep.map { fit.steps >= $0 } == true
  }
}
