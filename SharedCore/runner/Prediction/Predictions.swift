import Foundation
import Utils

/// What was said of pictures, in the order in which they were named.
struct Predictions {
  let classNames: [String]
  var rows: [(file: URL, answer: Predictor.Answer)] = []
  /// The pictures that could not be read, and why.
  var failures: [(file: URL, reason: String)] = []

  init(classNames: [String]) { self.classNames = classNames }

  /// A line a picture: the file, what is said of it (several classes with semicolons between), each class's probability.
  var csv: String {
    csvText(
      [["file", "predicted"] + classNames]
        + rows.map { file, answer in
          [file.relativePath, said(answer)] + answer.probabilities.map(Self.share)
        })
  }

  /// `predictions` and `failures`; probabilities by the names of the classes.
  var json: JSONValue {
    [
      "classes": .array(classNames.map(JSONValue.string)),
      "predictions": .array(
        rows.map { file, answer in
          [
            "file": .string(file.relativePath),
            "predicted": .array(answer.classes.map { .string(classNames[$0]) }),
            "probabilities": .numbers(zip(classNames, answer.probabilities)),
          ]
        }),
      "failures": .array(
        failures.map { ["file": .string($0.file.relativePath), "reason": .string($0.reason)] }),
    ]
  }

  private func said(_ answer: Predictor.Answer) -> String {
    answer.classes.map { classNames[$0] }.joined(separator: ";")
  }

  private static func share(_ probability: Double) -> String {
    String(format: "%.6f", probability)
  }
}
