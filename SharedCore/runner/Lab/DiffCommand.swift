import ArgumentParser
import Foundation
import Plotting
import Tracking
import Utils

/// `lab diff RUN RUN ...`: what differs between runs, side by side, and their curves in one picture.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compares runs: settings and figures side by side, curves in one picture.")

  @Argument(help: ArgumentHelp("Two or more runs, by id.", valueName: "run"))
  var runs: [String]
  @Flag(help: "Show what is equal too.")
  var all = false
  @Option(
    help: ArgumentHelp(
      "The metric to draw (default: the first accuracy that all runs have).", valueName: "metric"))
  var metric: String?

  func run() throws {
    let (workspace, database) = try openDatabase()
    let comparison = try database.compare(runs, all: all)
    let head = [[""] + comparison.runs.map(\.id)]
    let settings = comparison.settings.map { line in [line.name] + line.values.map { shortened($0 ?? "-") } }
    let figures = comparison.figures.map { line in [line.name] + line.values.map { $0.map(figure) ?? "-" } }
    print(aligned(head + settings))
    if !figures.isEmpty { print("\n" + aligned(figures)) }
    let files = try draw(comparison.runs, database, workspace.database.deletingLastPathComponent())
    for file in files { print("written: \(file.path)") }
  }

  /// A checksum differs in its first digits too.
  private func shortened(_ value: String) -> String { value.count > 40 ? value.prefix(12) + "..." : value }

  private func draw(_ records: [RunRecord], _ database: ExperimentDatabase, _ outputs: URL) throws -> [URL] {
    let known = try records.map { Set(try database.run($0.id).metricNames) }
    let shared = known.dropFirst().reduce(known[0]) { $0.intersection($1) }.sorted()
    let fallback = shared.first { $0.hasSuffix("accuracy") } ?? shared.first { $0 != "epoch_seconds" }
    guard let chosen = metric ?? fallback else { return [] }
    guard shared.contains(chosen) else {
      let near = nearestName(to: chosen, in: shared).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .usage, "--metric \(chosen) is not in the history of every run",
        remedy: near + "the runs share \(shared.joined(separator: ", "))")
    }
    let series = try records.map { record in
      let history = try database.history(of: chosen, in: record.id)
      return Series(
        "\(record.id) (\(record.experiment))", xs: history.map { Double($0.epoch) }, ys: history.map(\.value))
    }
    let chart = LineChart(
      title: "\(chosen) of \(records.count) runs", xLabel: "epoch", yLabel: chosen, series: series)
    return try chart.write(
      to: outputs.appending(path: "diff"), named: records.map(\.id).joined(separator: "-") + "_\(chosen)")
  }
}
