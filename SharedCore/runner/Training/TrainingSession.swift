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

  var experiment: Experiment { plan.experiment }

  /// Trains, judges, saves and reports; 0, or 128 and the signal when a person ended it.
  func run() throws -> Int32 { try train { _ in }.finished.outcome.exitCode }

  /// Trains, judges, saves and reports; `begun` hears of the run's folder.
  func train(begun: (RunFolder) throws -> Void) throws -> (finished: Finished, folder: RunFolder) {
    let clock = Stopwatch()
    let pretraining = try pretraining()
    let network = try plan.network(beginningWith: pretraining?.weights)
    let starting = try startingCheckpoint()
    try starting?.load(into: network)
    let rule = try experiment.training.rule(
      for: network, plan.settings, monitor: experiment.monitor,
      batchesPerEpoch: plan.trainingLoader().batchCount)
    try resumption?.checkpoint.load(into: rule)
    try prepareExplanations(rule)
    let services = try options.tracking.trackers()

    let folder = try RunFolder.create(under: outputs, experiment: experiment.name)
    try Narrative.keep(in: folder.log)
    try begun(folder)
    let run = try description(folder, starting?.origin ?? pretraining?.weights.file.url)
    let trackers = TrackerGroup(try workspace.trackers(logger) + services) { [logger] in
      logger.warning("\($0)")
    }
    trackers.runStarts(run, in: folder)
    tellBeginning(network, pretraining)
    do {
      let outcome = try train(network, rule, pretraining, folder, trackers, clock)
      try conclude(outcome, run, folder, trackers)
      resumption?.markTaken(by: folder, workspace)
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

  /// A finished training with everything that the report speaks of.
  struct Finished {
    let outcome: RunOutcome
    let parameterCount: Int
    let fit: FitReport
    let judgements: [Judgement]
    let pictures: [URL]
  }

  private func train(
    _ network: any Layer, _ rule: any TrainingRule, _ pretraining: Pretraining?, _ folder: RunFolder,
    _ trackers: TrackerGroup, _ clock: Stopwatch
  ) throws -> Finished {
    Interruption.watch()
    let book = try PictureBook(plan, network, folder: folder.visualizations, draws: options.visualize)
    let stopping = plan.settings.int("patience").map {
      EarlyStopping(watching: experiment.monitor, patience: $0)
    }
    let target = plan.settings.optional("target").map {
      TargetReached(watching: experiment.monitor, target: $0)
    }
    let saving =
      options.noSaveCheckpoint ? nil : try checkpointing(network, rule, pretraining, folder, stopping)
    if let resumption {
      if let state = resumption.checkpoint.lab["early_stopping"], state != nil {
        try stopping?.restore(state, after: resumption.past.epochs)
      }
      saving?.restore(resumption.checkpoint, best: try resumption.best(under: plan.settings))
    }
    let watchers: [(any Callback)?] = [
      Interruption { rule.canPause }, target, stopping, EpochNarrator(logger, label), MetricLogging(trackers),
      HistogramLogging(trackers, network, rule), saving, book,
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
      fit = try trainer.fit(rule, on: plan.trainingLoader(), after: resumption?.past ?? TrainingPosition())
    } catch {
      try? saving?.write()  // the last good state; a full disk has said so already
      throw error
    }

    // What is judged is what is kept: after an interruption, the last state that was whole.
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
      parameterCount: network.parameterCount, fit: fit, judgements: judgements, pictures: pictures)
  }

  private var measuredParts: [DataSplits.Part] {
    experiment.measured.isEmpty && plan.data.splits.val != nil ? [.val] : experiment.measured
  }

  /// Copies of everything that determines the rest of the training, and nothing else.
  private func checkpointing(
    _ network: any Layer, _ rule: any TrainingRule, _ pretraining: Pretraining?, _ folder: RunFolder,
    _ stopping: EarlyStopping?
  ) throws -> Checkpointing {
    var fixed: [String: JSONValue] = [
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
    fixed["pretrained"] = pretraining?.json ?? resumption?.checkpoint.lab["pretrained"]
    return Checkpointing(
      monitor: experiment.monitor, last: folder.lastCheckpoint, best: folder.bestCheckpoint,
      rhythm: try options.checkpointRhythm, keepRecent: try options.recentCheckpoints,
      canPause: { rule.canPause }
    ) { [fixed] place, metrics, best in
      var lab = fixed
      lab["position"] = place.json
      lab["metrics"] = .object(Dictionary(metrics.map { ($0.name, .number($0.value)) }) { first, _ in first })
      lab["best"] = best
      lab["early_stopping"] = stopping?.state ?? nil
      return Checkpoint(of: network, rule: rule, lab: lab)
    }
  }
}
