import ArgumentParser

/// Flags of `train` that no person types: other programs of the workspace ask by them.
struct HiddenQuestions: ParsableArguments {
  /// `lab gradcheck` asks by it.
  @Option(parsing: .unconditional, help: .hidden)
  var gradcheck: String?

  /// `lab summary` asks by it: the shape of a sample, such as 3x224x224, or auto for that of the data.
  @Option(parsing: .unconditional, help: .hidden)
  var summary: String?

  /// A study that trains several runs at once asks by it: the study's folder, a colon and the run's place.
  @Option(parsing: .unconditional, help: .hidden)
  var studyMember: String?

  /// `lab onnx` asks by them: which checkpoint, and where to.
  @Option(help: .hidden)
  var onnxCheckpoint: String?
  @Option(help: .hidden)
  var onnxFile: String?
  @Flag(help: .hidden)
  var onnxExample = false

  /// `lab reproduce` asks by it: the step at which the run that is reproduced was ended.
  @Option(help: .hidden)
  var stopAfterStep: Int?

  /// `lab compare` asks by it.
  @Flag(help: .hidden)
  var describe = false
}
