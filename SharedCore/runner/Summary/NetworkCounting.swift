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
    let (data, isLoaded) = try data(of: experiment, settings)
    let architecture = experiment.network.architecture(settings)
    var random = RandomStream(seed: UInt64(settings.count("seed")), purpose: "weights")
    let network = try catalog.network(
      architecture, experiment.network.configuration(settings, data), source: experiment.name, using: &random)
    let summary = NetworkSummary(of: network, input: given ?? data.splits.train.sampleShape)
    return .object([
      "model": .string(catalog.folder), "title": .string(catalog.title),
      "experiment": .string(experiment.name), "architecture": .string(architecture),
      "fingerprint": .string(isLoaded ? data.splits.fingerprint : ""), "summary": summary.json,
    ])
  }

  /// The data of an experiment; where they cannot be loaded, blank samples as the settings describe them, if these do.
  private func data(
    of experiment: Experiment, _ settings: Settings
  ) throws -> (ExperimentData, isLoaded: Bool) {
    do {
      let plan = try RunPlan(
        catalog, experiment, settings, folder: DataFolder(options.common.dataRoot), prefetch: 0)
      return (plan.data, true)
    } catch let error as LabError {
      guard error.kind == .data, let blank = try experiment.data.outline?(settings) else { throw error }
      return (blank, false)
    }
  }

  private func firstExperiment() throws -> Experiment {
    guard let first = catalog.experiments.first else {
      throw LabError(.model, "\(catalog.folder) has no experiment", remedy: "add one to its table")
    }
    return first
  }
}
