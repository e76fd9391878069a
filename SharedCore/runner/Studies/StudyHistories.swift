import DataUtils
import Foundation
import Tracking

/// What the runs of a study measured after each epoch, read from their folders.
struct StudyHistories {
  /// By run and metric: the value after each epoch.
  private let values: [String: [String: [Int: Double]]]

  /// The histories of `metrics`; a run that took up an interrupted one goes on with its history.
  init(_ metrics: [String], of cells: [StudyCell], under outputs: URL) {
    let folders = Dictionary(RunFolder.all(under: outputs).map { ($0.id, $0) }) { first, _ in first }
    values = Dictionary(
      cells.map { cell in
        let tables = (cell.earlier + [cell.run]).compactMap { run in
          folders[run].flatMap { try? CSVTable(contentsOf: $0.metricsTable) }
        }
        let histories = metrics.map { metric in
          (metric, tables.reduce(into: [:]) { $0.merge(Self.history(metric, in: $1)) { $1 } })
        }
        return (cell.run, Dictionary(histories) { $1 })
      }
    ) { $1 }
  }

  private static func history(_ metric: String, in table: CSVTable) -> [Int: Double] {
    guard let epochs = try? table.texts("epoch"), let values = try? table.texts(metric) else { return [:] }
    let pairs = zip(epochs, values).compactMap { epoch, text in
      Int(epoch).flatMap { epoch in Double(text).map { (epoch, $0) } }
    }
    return Dictionary(pairs) { $1 }
  }

  /// `metric` by epoch of every run that has measured it.
  func all(_ metric: String) -> [[Int: Double]] {
    values.values.compactMap { $0[metric] }.filter { !$0.isEmpty }
  }

  /// `metric` of every run after each epoch that all of them have; nil for fewer than two. What failed is left out.
  func curves(_ metric: String, of cells: [StudyCell]) -> (epochs: [Int], runs: [[Double]])? {
    let histories = cells.filter { $0.failure == nil }.compactMap { values[$0.run]?[metric] }
    let epochs = (histories.first ?? [:]).keys.sorted().filter { epoch in
      histories.allSatisfy { $0[epoch] != nil }
    }
    guard epochs.count > 1 else { return nil }
    return (epochs, histories.map { history in epochs.compactMap { history[$0] } })
  }
}
