import DataUtils
import Engine
import Foundation
import Tracking
import Utils

extension Judgement {
  /// What `evaluate --output` writes beside the result: `confusion_matrix`, or where samples have any number of classes
  /// `thresholds`, `optimal_thresholds` and the metrics by these.
  var details: [String: JSONValue] {
    switch evaluation.outcome {
    case .classes(_, let confusion):
      return [
        "confusion_matrix": .array(
          (0..<confusion.classes).map { actual in
            .array(
              (0..<confusion.classes).map { .integer(Int64(confusion[actual: actual, predicted: $0])) })
          })
      ]
    case .multiLabel(_, let report):
      var details = ["thresholds": report.thresholdsByClass]
      details["optimal_thresholds"] = optimized?.thresholdsByClass
      details["metrics_optimized"] = optimized.map { $0.metrics.json }
      return details
    }
  }

  /// The result without the scores of single classes, which stand in tables.
  func brief(_ experiment: Experiment) -> RunResult {
    var result = result(experiment)
    let details = Set(metrics.filter(\.isDetail).map(\.name)).subtracting(["optimized_f1_macro"])
    result.metrics = result.metrics.filter { !details.contains($0.key) }
    return result
  }

  /// The scores of the classes for the page of a run, where samples have any number of them.
  var classTables: [RunReport.Table] {
    guard case .multiLabel(_, let report) = evaluation.outcome else { return [] }
    let tables = [("with one threshold", report)] + (optimized.map { [("with tuned thresholds", $0)] } ?? [])
    return tables.map { title, report in
      RunReport.Table(
        title: "Classes of \(part), \(title)", head: report.table[0], rows: Array(report.table.dropFirst()))
    }
  }

  /// Each sample as a line of CSV: its place, its file where it is one, its class or classes, those that were said, and the outputs; where samples have
  /// any number of classes, these stand with a plus between them, said by their own thresholds as `predict` does, and the
  /// outputs as probabilities.
  ///
  /// - Parameter samples: the part that was judged.
  func predictions(_ samples: Dataset) -> String {
    let classNames = samples.classNames
    let files: ImageFiles? = if case .images(let files) = samples.features { files } else { nil }
    let width = evaluation.outputWidth
    let isMultiLabel = evaluation.confusion == nil
    let columns = (0..<width).map { isMultiLabel ? "probability_\(classNames[$0])" : "output_\($0)" }
    let numbers = isMultiLabel ? evaluation.probabilities : evaluation.outputs.map(Double.init)
    let predictions = evaluation.predictions
    var lines = [["index"] + (files == nil ? [] : ["file"]) + ["actual", "predicted"] + columns]
    for n in 0..<evaluation.count {
      let places = n * width..<(n + 1) * width
      let (actual, said): (String, String) =
        switch evaluation.outcome {
        case .classes: (classNames[Int(evaluation.labels[n])], classNames[Int(predictions[n])])
        case .multiLabel(let targets, let report):
          (
            named(classNames, places.map { targets[$0] == 1 }),
            named(classNames, zip(places, (optimized ?? report).thresholds).map { numbers[$0] > $1 })
          )
        }
      let outputs = places.map { isMultiLabel ? "\(numbers[$0])" : "\(evaluation.outputs[$0])" }
      let index = evaluation.indices[n]
      let file = files.map { [$0.file(index).url.lastPathComponent] } ?? []
      lines.append(["\(index)"] + file + [actual, said] + outputs)
    }
    return csvText(lines)
  }

  private func named(_ classNames: [String], _ flags: [Bool]) -> String {
    zip(classNames, flags).filter(\.1).map(\.0).joined(separator: "+")
  }
}

extension MultiLabelReport {
  /// The threshold of each class by its name.
  var thresholdsByClass: JSONValue {
    .numbers(zip(classNames, thresholds))
  }
}

extension [Metric] {
  /// The values by name.
  var json: JSONValue { .numbers(map { ($0.name, $0.value) }) }
}
