import ArgumentParser

/// The command line of every model's `evaluate`.
struct EvaluateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("What to evaluate: a file, a run's folder or id, or latest.", valueName: "checkpoint"))
  var checkpoint: String

  @Option(
    help: ArgumentHelp(
      "Evaluate on another experiment's data (default: the checkpoint's own).", valueName: "name"))
  var experiment: String?

  @Option(
    help: ArgumentHelp(
      "Which part: train, val, test or all (default: the one that the expected band speaks of).",
      valueName: "part"))
  var split: String?

  @Option(help: ArgumentHelp("Write the result as JSON.", valueName: "file.json"))
  var output: String?

  @Flag(help: "Write each sample's prediction as CSV beside the result.")
  var savePredictions = false

  @Flag(help: "Draw the confusion matrix, the ROC curve and the experiment's other pictures as PNG and SVG.")
  var visualize = false

  @Option(
    help: ArgumentHelp(
      "Where runs are looked for (default: the model's outputs folder).", valueName: "folder"))
  var outputDir: String?

  /// `lab compare` asks by it: the decision regions as one line of JSON.
  @Flag(help: .hidden)
  var regions = false

  @OptionGroup var common: CommonOptions
}
