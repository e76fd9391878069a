import DataUtils
import Engine
import Utils

/// What `lab summary` and `lab compare` ask of a model's `train`, through its hidden flag: the network of an experiment,
/// counted, as one line of JSON.
struct NetworkCounting {
  let catalog: ModelCatalog
  let options: TrainOptions

  /// Counts for a sample of the shape that `input` spells, `auto` for that of the experiment's data.
  func json(input: String) throws -> JSONValue {
    let given = input == "auto" ? nil : try SampleSize.parse(input)
    let experiment = try options.experiment.map(catalog.experiment) ?? firstExperiment()
    let settings = try TrainCommand(catalog, options).mergedSettings(experiment, nil)
    let plan = try RunPlan(
      catalog, experiment, settings, folder: DataFolder(options.common.dataRoot), prefetch: 0)
    let summary = NetworkSummary(
      of: try plan.bareNetwork(), input: given ?? plan.data.splits.train.sampleShape)
    return .object([
      "model": .string(catalog.folder), "title": .string(catalog.title),
      "experiment": .string(experiment.name), "architecture": .string(plan.architecture),
      "fingerprint": .string(plan.data.splits.fingerprint), "summary": summary.json,
    ])
  }

  private func firstExperiment() throws -> Experiment {
    guard let first = catalog.experiments.first else {
      throw LabError(.model, "\(catalog.folder) has no experiment", remedy: "add one to its table")
    }
    return first
  }
}
