import Foundation
import Plotting
import Tracking
import Utils

extension Comparison {
  /// Writes `report.html`, `results.json` and the pictures into `folder`; the files, the page first.
  public func write(
    to folder: URL, regions: [String: DecisionRegions], _ database: ExperimentDatabase
  ) throws -> [URL] {
    let pictures = try ComparisonFigures(self, database).all(regions: regions).flatMap {
      try $0.write(to: folder)
    }
    let results = folder.appending(path: "results.json")
    try AtomicFile.write(json.text(pretty: true) + "\n", to: results, kind: .tracking)
    let report = folder.appending(path: "report.html")
    try page(pictures.filter { $0.pathExtension == "svg" }).write(to: report)
    return [report, results] + pictures
  }

  private func page(_ pictures: [URL]) -> ReportPage {
    var page = ReportPage(
      title: "\(experiment), side by side",
      lead:
        "\(rows.count) models, \(rows.map(\.runs.count).max() ?? 0) runs each; \(Timestamp.readable(Date()))")
    page.addTable(
      "Results", columns: Comparison.columns.map { $0.lowercased() }, rows: cells)
    page.addText("Failed", failures)
    page.addPictures("Pictures", pictures)
    page.addText("How it was measured", notes)
    page.addTable(
      "Runs", columns: ["model", "seed", "run", "started", "machine", "folder"],
      rows: rows.flatMap { row in
        row.runs.compactMap { run in
          run.record.map { record in
            [
              row.model.folder, "\(run.seed)", record.id, Timestamp.readable(record.started),
              record.machine["cpu"]?.string ?? record.host, record.folder.path,
            ]
          }
        }
      })
    page.addCommands("Repeat", [command])
    return page
  }

  private var notes: [String] {
    var notes = [
      "Accuracy is the mean over the runs, with the sample deviation where there are several seeds.",
      "Seconds are a whole run's, from its network to its report, the mean of the runs; memory is the most that the process "
        + "held.",
      "Multiply-adds are those of one sample: convolutions, linear layers, matrix products, attention, recurrent products.",
    ]
    let cores = Set(rows.flatMap(\.records).compactMap { $0.machine["cores"]?.int }).sorted()
    let processors = Set(rows.flatMap(\.records).compactMap { $0.machine["cpu"]?.string }).sorted()
    if !processors.isEmpty {
      notes.append(
        "Machine: \(processors.joined(separator: "; ")), \(cores.map(String.init).joined(separator: " or ")) cores."
      )
    }
    return notes
  }
}
