import DataUtils
import Engine
import Foundation
import Plotting
import Tracking
import Utils

/// Keeps how often each class was taken for each other one on the validation part: before training, every few epochs, and
/// after the last; as numbers in `confusion_matrices.json` and, where pictures are drawn, `confusion_matrix_epoch_5.png`.
final class ConfusionRecord: Callback {
  /// What the file of the numbers is called in the folder of a run.
  static let file = "confusion_matrices.json"

  private let every: Int
  private let classNames: [String]
  private let title: String
  private let folder: RunFolder
  private let draws: Bool
  private var heard: ConfusionMatrix?
  private var matrices: [JSONValue]
  private var unsaved: Int?
  /// The pictures that were drawn.
  private(set) var pictures: [URL] = []

  /// The record of a run in `folder`; nil where its experiment asks for none.
  ///
  /// - Parameter resumption: the run that it goes on with, whose matrices it takes over.
  init?(_ plan: RunPlan, in folder: RunFolder, draws: Bool, after resumption: Resumption?) {
    guard let every = plan.experiment.confusionEvery else { return nil }
    (self.every, self.folder, self.draws) = (every, folder, draws)
    classNames = plan.data.splits.train.classNames
    title = "\(plan.experiment.name), val"
    let earlier = resumption?.folder.flatMap { run in
      (try? Data(contentsOf: run.url.appending(path: Self.file))).flatMap {
        try? JSONValue(parsing: Array($0))
      }
    }
    let past = resumption?.past.epochs ?? 0
    matrices = (earlier?["matrices"]?.array ?? []).filter { ($0["epoch"]?.int ?? .max) <= past }
  }

  /// Takes note of what the network makes of `part`.
  func hear(_ evaluation: Evaluation, of part: DataSplits.Part) {
    if part == .val { heard = evaluation.confusion }
  }

  /// Keeps the matrix where it is time.
  func epochEnded(_ report: EpochReport) throws -> Verdict {
    unsaved = report.epoch
    if report.epoch % every == 0 { try save() }
    return .goOn
  }

  /// Keeps that of the last epoch.
  func fitEnded(_ report: FitReport) throws { try save() }

  private func save() throws {
    guard let epoch = unsaved, let heard else { return }
    unsaved = nil
    let rows = (0..<heard.classes).map { actual in
      (0..<heard.classes).map { heard[actual: actual, predicted: $0] }
    }
    matrices.append(json(heard, rows, epoch))
    let content: JSONValue = [
      "version": 1, "part": "val", "classes": .array(classNames.map(JSONValue.string)),
      "matrices": .array(matrices),
    ]
    try AtomicFile.write(
      content.text(pretty: true) + "\n", to: folder.url.appending(path: Self.file), kind: .tracking)
    guard draws else { return }
    let figure = ConfusionMatrixFigure(
      title: "\(title), epoch \(epoch)", counts: rows, classNames: classNames)
    pictures += try NamedFigure("confusion_matrix_epoch_\(epoch)", figure).write(to: folder.visualizations)
  }

  /// `counts`: a row is an actual class, a column a predicted one.
  private func json(_ matrix: ConfusionMatrix, _ rows: [[Int]], _ epoch: Int) -> JSONValue {
    let scores = zip(classNames, matrix.perClass).map { name, scores -> (String, JSONValue) in
      (
        name,
        [
          "precision": .number(scores.precision), "recall": .number(scores.recall), "f1": .number(scores.f1),
          "support": .integer(Int64(scores.support)),
        ]
      )
    }
    return [
      "epoch": .integer(Int64(epoch)),
      "counts": .array(rows.map { .array($0.map { .integer(Int64($0)) }) }),
      "accuracy": .number(matrix.accuracy), "f1_macro": .number(matrix.macro.f1),
      "f1_weighted": .number(matrix.weighted.f1),
      "classes": .object(Dictionary(scores) { first, _ in first }),
    ]
  }
}
