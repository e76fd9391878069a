import ArgumentParser
import CaptionData
import Foundation
import Utils

/// `lab captions rank-uncertain PREDICTIONS...`: the pairs of which a network knows least, for an annotator.
struct CaptionRankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank-uncertain", abstract: "List the pairs most worth an annotator's look.",
    discussion: """
      With --output the captions of these pairs are written as annotations of their own, NAME/annotations.db for each video, \
      with their frames: to be confirmed, then read by create-dataset.
      """)

  @Argument(help: ArgumentHelp("Results of infer.", valueName: "predictions"))
  var predictions: [String]
  @Option(help: ArgumentHelp("least_confidence, margin or entropy.", valueName: "measure"))
  var by: String = UncertaintyMeasure.entropy.rawValue
  @Option(help: "How many pairs.")
  var top: Int = 20
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder of the annotations to make.", valueName: "folder"))
  var output: String?

  func run() throws {
    guard let measure = UncertaintyMeasure(rawValue: by) else {
      throw unknownName(by, what: "measure", known: UncertaintyMeasure.allCases.map(\.rawValue))
    }
    guard 1...1_000_000 ~= top else {
      throw LabError(.usage, "--top is \(top)", remedy: "give a number from 1 to 1,000,000")
    }
    let videos = try predictions.map { try VideoPredictions(contentsOf: URL(filePath: $0)) }
    let all = videos.enumerated().flatMap { number, video in video.pairs.map { (number, $0) } }
    // Of equals the earlier first.
    let ranked = all.enumerated().sorted { one, other in
      let (first, second) = (one.element.1.uncertainty(measure), other.element.1.uncertainty(measure))
      return first == second ? one.offset < other.offset : first > second
    }.prefix(top).map(\.element)
    let rows = ranked.map { number, pair in
      [
        figure(pair.uncertainty(measure)), "\(pair.first)", "\(pair.second)", pair.label.rawValue,
        figure(pair.confidence), videos[number].path,
      ]
    }
    print(
      aligned([[measure.rawValue.uppercased(), "FRAME1", "FRAME2", "LABEL", "CONFIDENCE", "VIDEO"]] + rows))
    guard let output else { return }
    for (number, video) in videos.enumerated() {
      let pairs = ranked.filter { $0.0 == number }.map(\.1)
      guard !pairs.isEmpty else { continue }
      let folder = URL(filePath: output).appending(path: "\(video.hash.prefix(12))")
      let notes = pairs.map { pair in
        (
          ids: [pair.firstID, pair.secondID],
          text:
            "\(measure.rawValue) \(figure(pair.uncertainty(measure))): \(pair.label.rawValue) \(figure(pair.confidence))"
        )
      }
      try AnnotationExcerpt(of: URL(filePath: video.path), notes: notes).write(
        to: folder.appending(path: AnnotationDatabase.fileName))
    }
    print("written to \(output)")
  }
}
