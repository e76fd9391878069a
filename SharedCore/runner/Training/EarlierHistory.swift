import DataUtils
import Engine
import Foundation
import Tracking
import Utils

/// What a run has logged before another goes on with it, read from its metrics.csv.
struct EarlierHistory {
  private struct Row {
    let step, epoch: Int
    let metrics: [(name: String, value: Double)]
  }

  private let rows: [Row]

  /// Nothing.
  init() { rows = [] }

  /// The rows of `run` up to `step`; those of a file that is missing or damaged are none. What a killed process has left of
  /// an unfinished line is passed over.
  init(of run: RunFolder, upTo step: Int) {
    let bytes = (try? Data(contentsOf: run.metricsTable)).map(Array.init) ?? []
    let whole = Array(bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1))
    guard let table = try? CSVTable(whole, file: run.metricsTable.relativePath),
      let steps = try? table.texts("step").map({ Int($0) ?? .max }),
      let epochs = try? table.texts("epoch").map({ Int($0) ?? 0 })
    else {
      rows = []
      return
    }
    let names = table.columns.filter { $0 != "step" && $0 != "epoch" }
    let columns = names.compactMap { name in (try? table.texts(name)).map { (name, $0.map { Double($0) }) } }
    rows = steps.indices.filter { steps[$0] <= step }.map { row in
      Row(
        step: steps[row], epoch: epochs[row],
        metrics: columns.compactMap { name, values in values[row].map { (name, $0) } })
    }
  }

  /// Hands all of it to the trackers of the run that goes on, whose curves are then whole.
  func log(to trackers: TrackerGroup) {
    for row in rows { trackers.log(row.metrics, step: row.step, epoch: row.epoch) }
  }

  /// The last step whose own metrics were logged; 0 for none.
  var lastLoggedStep: Int {
    rows.last { $0.metrics.contains { $0.name.hasPrefix(MetricLogging.stepPrefix) } }?.step ?? 0
  }

  /// The epochs, each with all that was measured after it.
  var epochs: [EpochReport] {
    var total = 0.0
    return rows.compactMap { row in
      guard let seconds = row.metrics.first(where: { $0.name == MetricLogging.epochSeconds })?.value else {
        return nil
      }
      total += seconds
      return EpochReport(
        epoch: row.epoch, step: row.step,
        metrics: row.metrics.filter { $0.name != MetricLogging.epochSeconds }.map {
          Metric($0.name, $0.value)
        },
        seconds: seconds, totalSeconds: total)
    }
  }
}
