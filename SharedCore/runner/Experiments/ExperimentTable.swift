import Utils

/// The table that `--list-experiments` and `--help` print.
func experimentTable(_ catalog: ModelCatalog) -> String {
  let head = ["EXPERIMENT", "PURPOSE", "RUNS", "EPOCHS", "RATE", "BATCH", "EXPECTED"]
  let rows = catalog.experiments.map { experiment in
    [
      experiment.name, experiment.purpose.rawValue, "\(experiment.study?.runCount ?? 1)",
      "\(experiment.settings.count("epochs"))",
      compact(experiment.settings.double("learning_rate")),
      experiment.settings.int("batch_size").map(String.init) ?? "all", experiment.band.text,
    ]
  }
  return aligned([head] + rows)
}

/// Every setting that an experiment of the model has, as `--help` prints them.
func settingsTable(_ catalog: ModelCatalog) -> String {
  var seen = Set<String>()
  let settings = catalog.experiments.flatMap(\.settings.all).filter { seen.insert($0.key).inserted }
  return
    "SETTINGS, changed by key=value; --experiment-info shows which an experiment has and their defaults\n"
    + aligned(settings.map { ["  " + $0.key, "\($0.help) (\($0.allowed))"] })
}

/// All about one experiment, as `--experiment-info` prints it.
func experimentInfo(_ experiment: Experiment, of catalog: ModelCatalog) -> String {
  var lines = ["\(Terminal.bold(experiment.name))  \(experiment.summary)", ""]
  lines.append(
    aligned(
      [
        ["model", catalog.title], ["purpose", experiment.purpose.rawValue],
        ["also called", experiment.aliases.isEmpty ? "-" : experiment.aliases.joined(separator: ", ")],
        ["learns by", experiment.training.description(experiment.settings)],
        ["network", experiment.network.architecture],
        ["expected", experiment.band.text], ["published", experiment.published ?? "-"],
        ["pictures", experiment.plots.map(\.name).joined(separator: ", ")],
      ], width: 100))
  lines += ["", "SETTINGS, changed by key=value", ""]
  lines.append(
    aligned(
      experiment.settings.all.map {
        [
          $0.key, $0.value == nil ? "none" : $0.value.string ?? $0.value.text().replacing(",", with: ", "),
          $0.help + " (\($0.allowed))",
        ]
      }, width: 100))
  if let study = experiment.study {
    lines += ["", "STUDY of \(study.runCount) runs, changed by --sweep and --seeds", ""]
    lines.append(
      aligned(
        study.sweep.map { [$0.key, $0.values.joined(separator: ", ")] } + [["seeds", "\(study.seeds)"]]
          + [["compared by", study.shown.joined(separator: ", ")]]
          + (study.metrics.isEmpty ? [] : [["gives", study.metrics.map(\.name).joined(separator: ", ")]])))
  }
  for preset in experiment.settings.all where !preset.presets.isEmpty {
    lines += ["", "WHAT \(preset.key.uppercased()) CHANGES, unless it is given", ""]
    lines.append(
      aligned(
        preset.presets.sorted { $0.key < $1.key }.map { word, changes in
          [
            "\(preset.key)=\(word)",
            changes.isEmpty
              ? "nothing: the values above"
              : changes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
          ]
        }, width: 100))
  }
  return lines.joined(separator: "\n")
}
