import ArgumentParser
import Utils

/// The command line of `predict`.
struct PredictOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Pictures, PNG or JPEG: files, folders, or patterns such as 'strips/*.jpg'.", valueName: "images"))
  var images: [String] = []

  @Option(
    help: ArgumentHelp("What predicts: a file, a run's folder or id, or latest.", valueName: "checkpoint"))
  var checkpoint = "latest"

  @Option(
    help: ArgumentHelp(
      "Write the answers there: a name that ends with .csv or .json (default: CSV on the console).",
      valueName: "file"))
  var output: String?

  @Option(
    name: .customLong("batch-size"), parsing: .unconditional,
    help: ArgumentHelp("Pictures that the network sees at once.", valueName: "n"))
  var batchSize = 8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The probability above which any class is said, from 0 to 1 (default: each class's own threshold, tuned on the validation part; --output FILE.json holds them).",
      valueName: "share"))
  var threshold: String?

  @Flag(help: "Resize pictures of another size than the network was trained on, instead of refusing them.")
  var resize = false

  @Flag(
    help:
      "Draw each picture with what the network looked at: Grad-CAM, and the attention where there is some.")
  var visualize = false

  @Option(
    help: ArgumentHelp(
      "Where the drawings of --visualize go (default: \(Self.drawingsByDefault)).", valueName: "folder"))
  var drawings: String?
  static let drawingsByDefault = "predictions"

  @Option(
    help: ArgumentHelp(
      "Where runs are looked for (default: the model's outputs folder).", valueName: "folder"))
  var outputDir: String?

  @OptionGroup var common: CommonOptions

  /// The threshold of all classes; nil for those of the checkpoint.
  var commonThreshold: Double? {
    get throws {
      guard let threshold else { return nil }
      guard let share = Double(threshold), (0...1).contains(share) else {
        throw LabError(.usage, "--threshold is \(threshold)", remedy: "give a number from 0 to 1")
      }
      return share
    }
  }
}
