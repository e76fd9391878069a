import ArgumentParser
import Foundation
import Utils

/// The command line of every model's `train`.
///
/// Values of settings stay text here: they go through the same check as `key=value` words.
struct TrainOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The experiment to run; --list-experiments shows them.", valueName: "name"))
  var experiment: String?

  @Option(
    help: ArgumentHelp(
      "A file of settings in YAML, in groups such as loss: {gamma: 2.5}; what is typed beside it wins.",
      valueName: "file.yaml"))
  var config: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes over the training data (default: the experiment's).", valueName: "n"))
  var epochs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Factor of each weight change (default: the experiment's).", valueName: "rate"))
  var learningRate: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples a step, or none for all at once (default: the experiment's).", valueName: "n")
  )
  var batchSize: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where every random choice begins (default: 42).", valueName: "n"))
  var seed: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Change any setting; a bare key=value does the same.", valueName: "key=value"))
  var sets: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Train once for each value of a setting, and compare; repeat it for more settings. Or a sweep file of Weights & Biases.",
      valueName: "key=value,value|file"))
  var sweep: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train at most this many runs of a sweep file (default: its run_cap).", valueName: "n")
  )
  var count: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train this many runs at once, each with its share of the cores (default: 1).", valueName: "n"))
  var jobs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train this many times, each with another seed, and compare.", valueName: "n"))
  var seeds: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Words to find the run by, separated by commas.", valueName: "a,b"))
  var tags: [String] = []

  @Flag(help: "Draw the experiment's pictures as PNG and SVG.")
  var visualize = false

  @Option(
    defaultAsFlag: "3",
    help: ArgumentHelp(
      "Print the first updates as a teacher would write them, three of them or as many as given.",
      valueName: "n"))
  var explain: String?

  @Option(
    help: ArgumentHelp(
      "Begin with the weights of a checkpoint: a file, a run's id or latest.", valueName: "checkpoint")
  )
  var loadCheckpoint: String?

  @Option(
    help: ArgumentHelp(
      "Begin with published weights: a file, an address, or a name that lab weights lists.",
      valueName: "source"))
  var pretrained: String?

  @Flag(help: "Begin with random weights, also where the experiment begins with published ones.")
  var noPretrained = false

  @Flag(help: "Take all of the published weights but those of the last layer, for other classes.")
  var newHead = false

  @Option(
    help: ArgumentHelp(
      "Go on with a run: auto for the newest unfinished one, or a checkpoint.", valueName: "auto|checkpoint"))
  var resume: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write the state after so many steps or epochs (default: after some seconds).", valueName: "500steps"))
  var checkpointEvery: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many of these states to keep beside the last and the best (default: 0).", valueName: "n"))
  var keepCheckpoints: String?

  @Flag(help: "Keep no checkpoint of the result.")
  var noSaveCheckpoint = false

  @Option(
    help: ArgumentHelp("Where runs are kept (default: the model's outputs folder).", valueName: "folder"))
  var outputDir: String?

  @Flag(help: "A few seconds of work: at most 5 epochs of 256 rows, and every message.")
  var debug = false

  @Flag(
    help:
      "Measure every operation, print where the time goes, and write trace.json for ui.perfetto.dev into the run."
  )
  var profile = false

  @Flag(help: "Look at every number, and name the operation and layer in which the first NaN arises (slow).")
  var detectAnomaly = false

  @Flag(help: "Print the merged configuration as YAML and stop.")
  var printConfig = false

  @Flag(help: "Print the table of experiments and stop.")
  var listExperiments = false

  @Option(help: ArgumentHelp("Print all about one experiment and stop.", valueName: "name"))
  var experimentInfo: String?

  @OptionGroup var questions: HiddenQuestions
  @OptionGroup var tracking: TrackingOptions
  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Settings to change, such as learning_rate=0.01.", valueName: "key=value"))
  var words: [String] = []

  /// The flags that are settings by another spelling, with what was typed.
  var flagSettings: [(key: String, text: String, source: String)] {
    [("epochs", epochs), ("learning_rate", learningRate), ("batch_size", batchSize), ("seed", seed)]
      .compactMap {
        key, text in text.map { (key, $0, "--\(key.replacing("_", with: "-")) \($0)") }
      }
  }

  /// When the state is written while training goes on.
  var checkpointRhythm: CheckpointRhythm {
    get throws { try checkpointEvery.map(CheckpointRhythm.init) ?? .patient }
  }

  /// How many of the states written on the way stay.
  var recentCheckpoints: Int {
    get throws {
      guard let keepCheckpoints else { return 0 }
      guard let count = Int(keepCheckpoints), (0...1000).contains(count) else {
        throw LabError(
          .usage, "--keep-checkpoints is \(keepCheckpoints)", remedy: "give a whole number from 0 to 1000")
      }
      return count
    }
  }

  /// The first updates to explain, as it was typed: in `--explain epochs=3` the word is a setting, and the flag alone.
  var explained: String? { explain?.contains("=") == true ? "3" : explain }

  /// Every `key=value` that was typed, later ones to win.
  var settingWords: [String] { sets + [explain].compactMap(\.self).filter { $0.contains("=") } + words }

  /// How many runs of a study go on at once.
  var jobCount: Int {
    get throws {
      guard let jobs else { return 1 }
      guard let count = Int(jobs), (1...256).contains(count) else {
        throw LabError(
          .usage, "--jobs \(jobs) is no number of runs", remedy: "give a whole number from 1 to 256")
      }
      return count
    }
  }

  /// The tags, one a word.
  var tagList: [String] {
    tags.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
  }
}
