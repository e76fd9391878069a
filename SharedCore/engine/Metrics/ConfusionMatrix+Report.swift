import Foundation
import Utils

extension ConfusionMatrix {
  /// The scores as an aligned table for people: a row a class, then accuracy, macro and weighted averages.
  ///
  /// `classNames` has a name for every class, in order.
  public func report(classNames: [String]) -> String {
    require(classNames.count == classes, "\(classNames.count) class names for \(classes) classes")
    var rows = [["", "precision", "recall", "f1", "support"]]
    rows += zip(classNames, perClass).map(row)
    rows.append(["accuracy", "", "", decimal(accuracy), String(total)])
    rows.append(row("macro average", macro))
    rows.append(row("weighted average", weighted))

    let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
    return rows.map { row in
      let name = row[0] + padding(widths[0] - row[0].count)
      let numbers = zip(row, widths).dropFirst().map { padding($1 - $0.count) + $0 }
      return ([name] + numbers).joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private func row(_ name: String, _ scores: Scores) -> [String] {
    [name, decimal(scores.precision), decimal(scores.recall), decimal(scores.f1), String(scores.support)]
  }

  private func decimal(_ value: Double) -> String { String(format: "%.4f", value) }

  private func padding(_ count: Int) -> String { String(repeating: " ", count: count) }
}
