import ArgumentParser
import CaptionData
import Foundation
import Utils

/// `lab captions compare DATASET...`: what the networks reached, from the tables of experiments.
struct CaptionCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract:
      "Mean and deviation of the best macro F1 of each network on a data set, over the trainings that ended."
  )

  @Argument(help: ArgumentHelp("Data sets that were trained on.", valueName: "datasets"))
  var datasets: [String]

  func run() throws {
    var rows = [["DATASET", "NETWORK", "RUNS", "MEAN F1", "DEVIATION", "BEST"]]
    for place in datasets {
      let set = try CaptionDataset(URL(filePath: place))
      let all = try set.experiments().filter { $0.completed != nil }
      for (network, runs) in Dictionary(grouping: all, by: \.architecture).sorted(by: { $0.key < $1.key }) {
        let scores = runs.compactMap(\.bestF1)
        guard let best = scores.max() else { continue }
        let mean = scores.reduce(0, +) / Double(scores.count)
        let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = scores.count > 1 ? figure((squares / Double(scores.count - 1)).squareRoot()) : "-"
        rows.append([set.name, network, "\(scores.count)", figure(mean), deviation, figure(best)])
      }
    }
    guard rows.count > 1 else {
      throw LabError(.data, "nothing was trained on these data sets", remedy: "train with lab captions train")
    }
    print(aligned(rows))
  }
}
