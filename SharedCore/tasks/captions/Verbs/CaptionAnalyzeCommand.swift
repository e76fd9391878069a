import ArgumentParser
import CaptionData
import Engine
import Foundation
import Utils

/// `lab captions analyze PREDICTIONS`: how far predictions can be trusted, and how they stand to what annotators say.
struct CaptionAnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Compare predictions with the annotations of their video.")

  @Argument(help: ArgumentHelp("A result of infer.", valueName: "predictions"))
  var predictions: String
  @Option(
    name: .customLong("video-db"), help: ArgumentHelp("The annotations of the video.", valueName: "file"))
  var video: String
  @Option(name: .customLong("ocr-min"), help: "The mean confidence from which text counts as read.")
  var ocrMinimum: Double = 0.7

  func run() throws {
    let predictions = try VideoPredictions(contentsOf: URL(filePath: predictions))
    let database = try AnnotationDatabase(try AnnotationSearch.files([video])[0])
    guard try database.video().hash == predictions.hash else {
      throw LabError(
        .data, "\(self.predictions) is not of the video \(video)",
        remedy: "name the annotations that infer read")
    }
    let segments = try database.segments().filter { $0.state == .confirmed }
    let places = Dictionary(segments.map { ($0.id, $0) }) { first, _ in first }
    var matrix = ConfusionMatrix(classes: CaptionLabel.allCases.count)
    for pair in predictions.pairs {
      // The annotation may have changed since.
      guard let one = places[pair.firstID]?.hasText, let next = places[pair.secondID]?.hasText else {
        continue
      }
      let label = FramePairs.label(one, next)
      matrix.add(
        predicted: CaptionLabel.allCases.firstIndex(of: pair.label) ?? 0,
        actual: CaptionLabel.allCases.firstIndex(of: label) ?? 0)
    }
    let quality = BoundaryQuality(predictions.boundaries, ocrMinimum: ocrMinimum)
    print(
      "\(grouped(quality.total)) boundaries, \(grouped(quality.flaggedCount)) of them doubtful: "
        + "\(grouped(quality.rapid.count)) too close, \(grouped(quality.unsureText.count)) with text read unsurely; "
        + "pass rate \(figure(quality.passRate))")
    guard matrix.total > 0 else { return print("no pair is annotated") }
    let rows = zip(CaptionLabel.names, matrix.perClass).filter { $1.support > 0 }.map { name, scores in
      [name, figure(scores.precision), figure(scores.recall), figure(scores.f1), grouped(scores.support)]
    }
    print(aligned([["LABEL", "PRECISION", "RECALL", "F1", "PAIRS"]] + rows))
    print("\(grouped(matrix.total)) annotated pairs, accuracy \(figure(matrix.accuracy))")
  }
}
