import Utils

/// What `lab compare` asks of a model's `train`, through its hidden flag: its experiments, and all about one of them as it
/// would be run, as one line of JSON. No data are loaded.
struct ModelDescription {
  private let catalog: ModelCatalog
  private let experiment: Experiment?
  private let settings: Settings?

  /// The catalog with the experiment that the options name, if it has it; throws on a setting that is not allowed.
  init(_ catalog: ModelCatalog, _ options: TrainOptions) throws {
    self.catalog = catalog
    experiment = options.experiment.flatMap { try? catalog.experiment($0) }
    settings = try experiment.map { try TrainCommand(catalog, options).mergedSettings($0, nil) }
  }

  var json: JSONValue {
    var answer: [String: JSONValue] = [
      "model": .string(catalog.folder), "title": .string(catalog.title),
      "experiments": .array(catalog.experiments.map { .string($0.name) }),
    ]
    if let experiment, let settings {
      answer["experiment"] = [
        "name": .string(experiment.name), "purpose": .string(experiment.purpose.rawValue),
        "summary": .string(experiment.summary), "settings": settings.json,
        "band": [
          "text": .string(experiment.band.text), "metric": .string(experiment.band.metric),
          "part": .string(experiment.band.part.rawValue),
        ],
        "published": experiment.published.map(JSONValue.string) ?? .null,
      ]
    }
    return .object(answer)
  }
}
