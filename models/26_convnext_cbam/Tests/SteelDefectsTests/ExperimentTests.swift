import ModelTesting
import Testing
import Utils

@testable import SteelDefects

/// Every experiment through the program that people run: a few samples, two epochs, then its files are looked for.
@Suite struct ExperimentTests {
  /// Those of Severstal's strips need a folder, and say which; the others make theirs or have them.
  @Test(arguments: steelDefectsCatalog.experiments.map(\.name))
  func trainsAndLeavesItsPictures(_ experiment: String) throws {
    let needsFolder = experiment.hasPrefix("severstal")
    let areMadeUp = experiment.hasSuffix("strips")
    let words = areMadeUp ? ["strips=60", "data.image_size=[32, 96]"] : needsFolder ? [] : ["side=32"]
    let run = try SmokeRun(
      experiment, of: steelDefectsCatalog, samples: 16, experiment == "debug" ? [] : words)
    if needsFolder {
      #expect(
        run.output.contains("there is no folder of images data/images; make strips with lab data make steel"))
    } else {
      #expect(run.problems == [])
    }
  }
}
