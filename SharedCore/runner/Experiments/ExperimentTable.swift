import Utils

/// The table that `--list-experiments` and `--help` print.
func experimentTable(_ catalog: ModelCatalog) -> String {
  let head = ["EXPERIMENT", "PURPOSE", "EPOCHS", "RATE", "BATCH", "EXPECTED"]
  let rows = catalog.experiments.map { experiment in
    [
      experiment.name, experiment.purpose.rawValue, "\(experiment.settings.count("epochs"))",
      compact(experiment.settings.double("learning_rate")),
      experiment.settings.int("batch_size").map(String.init) ?? "all", experiment.band.text,
    ]
  }
  return aligned([head] + rows)
}

/// All about one experiment, as `--experiment-info` prints it.
func experimentInfo(_ experiment: Experiment, of catalog: ModelCatalog) -> String {
  var lines = ["\(Terminal.bold(experiment.name))  \(experiment.summary)", ""]
  lines.append(
    aligned(
      [
        ["model", catalog.title], ["purpose", experiment.purpose.rawValue],
        ["also called", experiment.aliases.isEmpty ? "-" : experiment.aliases.joined(separator: ", ")],
        ["learns by", experiment.training.name], ["network", experiment.network.architecture],
        ["expected", experiment.band.text], ["published", experiment.published ?? "-"],
        ["pictures", experiment.plots.map(\.rawValue).joined(separator: ", ")],
      ]))
  lines += ["", "SETTINGS, changed by key=value", ""]
  lines.append(
    aligned(
      experiment.settings.all.map {
        [$0.key, $0.value == nil ? "none" : $0.value.string ?? $0.value.text(), $0.help + " (\($0.allowed))"]
      }))
  return lines.joined(separator: "\n")
}

/// Rows of cells as columns, two spaces between them.
func aligned(_ rows: [[String]]) -> String {
  let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    return cells.joined(separator: "  ")
  }.joined(separator: "\n")
}
