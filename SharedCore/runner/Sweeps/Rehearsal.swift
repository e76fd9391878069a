import DataUtils
import Engine
import Utils

/// What the runs of a sweep measure, found by training the first of them for an epoch of a few samples: nothing of it is kept.
struct Rehearsal {
  /// The metrics after an epoch: `train_loss`, `val_accuracy`.
  let epoch: [String]
  /// Those and what is judged at the end: `test_accuracy`.
  let all: [String]

  private static let samples = 64

  /// Rehearses the first run of `plan`.
  init(_ plan: StudyPlan, _ catalog: ModelCatalog, folder: DataFolder) throws {
    var settings = try plan.settings(of: plan.study.combinations.first ?? [:])
    let limit = min(settings.int("limit") ?? Self.samples, Self.samples)
    try settings.set("limit", to: "\(limit)", source: "the rehearsal")
    try settings.set("epochs", to: "1", source: "the rehearsal")
    let plan = try RunPlan(catalog, plan.experiment, settings, folder: folder, prefetch: 0)
    let network = try plan.network()
    let rule = try plan.experiment.training.rule(
      for: network, plan.loss, settings, monitor: plan.monitor,
      batchesPerEpoch: plan.trainingLoader().batchCount)
    let measurement = try EpochMeasurement(plan)
    let trainer = Trainer(epochs: 1, seed: plan.seed, callbacks: []) { try measurement.metrics(of: network) }
    let last = try trainer.fit(rule, on: plan.trainingLoader()).history.last?.metrics ?? []
    let thresholds = TunedThresholds(among: last, classNames: plan.data.splits.train.classNames)
    let judged = try plan.judgedParts.flatMap {
      try Judgement(network, plan, on: $0, thresholds: thresholds).summary.map(\.name)
    }
    epoch = last.map(\.name)
    all = (judged + epoch + ["median_epoch_seconds"]).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}

extension StudyPlan {
  /// Refuses a metric that no run of the sweep has, before the first is trained.
  func checkObjective(_ catalog: ModelCatalog, folder: DataFolder) throws {
    // What goes wrong here goes wrong in the run itself, which says more of it.
    guard let search = study.search, let objective = search.objective,
      let rehearsal = try? Rehearsal(self, catalog, folder: folder)
    else { return }
    guard rehearsal.all.contains(objective.metric) else {
      throw Objective.unknown(objective.metric, in: rehearsal.all)
    }
    guard search.hyperband == nil || rehearsal.epoch.contains(objective.metric) else {
      throw LabError(
        .config,
        "early_terminate needs a metric of every epoch, and \(objective.metric) is measured at the end",
        remedy: "name one of \(rehearsal.epoch.joined(separator: ", ")), or leave early_terminate out")
    }
  }
}
