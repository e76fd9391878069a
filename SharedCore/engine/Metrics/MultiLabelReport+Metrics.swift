import Foundation
import Utils

extension MultiLabelReport {
  /// Every score under the name by which it is stored: `accuracy`, `hamming_loss`, `f1_macro`, `precision_micro`, and for each
  /// class `<class>_precision`, `_recall`, `_f1`, `_tp`, `_fp`, `_tn`, `_fn`, `_support`.
  public var metrics: [Metric] {
    [Metric("accuracy", accuracy), Metric("f1_macro", macro(\.f1))]
      + [
        ("precision_macro", macro(\.precision)), ("recall_macro", macro(\.recall)),
        ("precision_micro", total.precision), ("recall_micro", total.recall), ("f1_micro", total.f1),
        ("hamming_loss", hammingLoss),
      ].map { Metric($0, $1, isDetail: true) } + zip(classNames, perClass).flatMap(Self.metrics)
  }

  private static func metrics(_ name: String, _ counts: Counts) -> [Metric] {
    let scores = [("precision", counts.precision), ("recall", counts.recall), ("f1", counts.f1)]
    let numbers = [
      ("tp", counts.truePositives), ("fp", counts.falsePositives), ("tn", counts.trueNegatives),
      ("fn", counts.falseNegatives), ("support", counts.support),
    ]
    return (scores + numbers.map { ($0, Double($1)) }).map { Metric("\(name)_\($0)", $1, isDetail: true) }
  }

  /// The scores for people, the first row being the head: a row a class, macro and micro averages, exact match and Hamming
  /// loss.
  public var table: [[String]] {
    let head = ["", "precision", "recall", "f1", "TP", "FP", "TN", "FN", "support", "threshold"]
    let classes = zip(zip(classNames, thresholds), perClass).map { named, counts in
      [named.0] + scores(counts.precision, counts.recall, counts.f1) + numbers(counts)
        + [String(format: "%.2f", named.1)]
    }
    let averages = [
      ["macro average"] + scores(macro(\.precision), macro(\.recall), macro(\.f1)),
      ["micro average"] + scores(total.precision, total.recall, total.f1) + numbers(total),
      ["exact match", "", "", decimal(accuracy)], ["Hamming loss", "", "", decimal(hammingLoss)],
    ]
    return [head]
      + (classes + averages).map { $0 + [String](repeating: "", count: head.count - $0.count) }
  }

  /// The same as aligned text.
  public var text: String {
    let rows = table
    let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
    return rows.map { row in
      let name = row[0] + padding(widths[0] - row[0].count)
      let line = [name] + zip(row, widths).dropFirst().map { padding($1 - $0.count) + $0 }
      return String(line.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  private func scores(_ values: Double...) -> [String] { values.map(decimal) }

  private func numbers(_ counts: Counts) -> [String] {
    [
      counts.truePositives, counts.falsePositives, counts.trueNegatives, counts.falseNegatives,
      counts.support,
    ].map(String.init)
  }

  private func decimal(_ value: Double) -> String { String(format: "%.4f", value) }

  private func padding(_ count: Int) -> String { String(repeating: " ", count: count) }
}
