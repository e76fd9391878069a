import Foundation
import Utils

/// What was said of pictures, in the order in which they were named.
struct Predictions {
  let classNames: [String]
  /// For each class the probability above which it is said; nil where a picture has exactly one class.
  let thresholds: [Double]?
  /// Each picture with what is said of it, and the name of its drawing where it is drawn.
  var rows: [(file: URL, answer: Predictor.Answer, drawing: String?)] = []
  /// The pictures that could not be read, and why.
  var failures: [(file: URL, reason: String)] = []

  init(classNames: [String], thresholds: [Double]? = nil) {
    (self.classNames, self.thresholds) = (classNames, thresholds)
  }

  /// A line a picture: the file, what is said of it (several classes with semicolons between), each class's probability.
  var csv: String {
    csvText(
      [["file", "predicted"] + classNames + (areDrawn ? ["drawing"] : [])]
        + rows.map { file, answer, drawing in
          [file.relativePath, said(answer)] + answer.probabilities.map(Self.share)
            + (areDrawn ? [drawing ?? ""] : [])
        })
  }

  /// `predictions` and `failures`; probabilities, and `thresholds` where there are some, by the names of the classes.
  var json: JSONValue {
    [
      "classes": .array(classNames.map(JSONValue.string)),
      "thresholds": thresholds.map { .numbers(zip(classNames, $0)) } ?? nil,
      "predictions": .array(
        rows.map { file, answer, drawing in
          var row: [String: JSONValue] = [
            "file": .string(file.relativePath),
            "predicted": .array(answer.classes.map { .string(classNames[$0]) }),
            "probabilities": .numbers(zip(classNames, answer.probabilities)),
          ]
          row["drawing"] = drawing.map(JSONValue.string)
          return .object(row)
        }),
      "failures": .array(
        failures.map { ["file": .string($0.file.relativePath), "reason": .string($0.reason)] }),
    ]
  }

  private var areDrawn: Bool { rows.contains { $0.drawing != nil } }

  private func said(_ answer: Predictor.Answer) -> String {
    answer.classes.map { classNames[$0] }.joined(separator: ";")
  }

  private static func share(_ probability: Double) -> String {
    String(format: "%.6f", probability)
  }
}
