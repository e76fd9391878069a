import ArgumentParser
import Backbones
import Engine
import Foundation
import Runner
import Tracking
import Utils
import Weights

/// `lab onnx CHECKPOINT FILE`: a trained network for other programs.
struct ONNXCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onnx",
    abstract: "Writes a feed-forward or convolutional network as an ONNX file.",
    discussion:
      "The file holds the network as it is used, without dropout and with the statistics of batch normalisation, for any "
      + "number of samples of the checkpoint's shape; what prepares samples stands in its metadata. Any program with an ONNX "
      + "runtime of opset 17 or newer reads it.")

  @Argument(
    help: ArgumentHelp(
      "A checkpoint of ours, a run's id, or an architecture such as resnet18.", valueName: "checkpoint"))
  var source: String
  @Argument(help: ArgumentHelp("Where to: a name that ends with .onnx.", valueName: "file"))
  var target: String
  @Option(
    help: ArgumentHelp(
      "Of an architecture, its weights: safetensors, .pth or .npz (default: random ones).", valueName: "file")
  )
  var weights: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of an architecture, the shape of a sample (default: its own).", valueName: "3x224x224"))
  var input: String?
  @Flag(
    help: "Write beside it, as safetensors, three samples and the network's answers, to try a runtime with.")
  var example = false

  func run() throws {
    guard target.hasSuffix(".onnx") else {
      throw LabError(.usage, "\(target) does not end with .onnx", remedy: "name it so")
    }
    if !FileManager.default.fileExists(atPath: source),
      let architecture = try? ArchitectureRegistry.named(source)
    {
      return try export(architecture)
    }
    guard weights == nil, input == nil else {
      throw LabError(
        .usage, "\(source) is no architecture, and --weights and --input are for one",
        remedy:
          "leave them out, or name one of \(ArchitectureRegistry.all.map(\.name).joined(separator: ", "))")
    }
    try export(checkpoint())
  }

  /// Of an architecture: in this process, with a sample that it takes.
  private func export(_ architecture: RegisteredArchitecture) throws {
    let sample = try input.map(SampleSize.parse) ?? architecture.input
    guard sample.count == architecture.input.count, sample.first == architecture.input.first else {
      throw LabError(
        .usage, "\(architecture.name) does not take samples of \(input ?? "")",
        remedy: "give \(architecture.input.count) sizes, the first of them \(architecture.input[0])")
    }
    var random = RandomStream(seed: 42)
    let network = architecture.build(architecture.classes, &random)
    if let weights { try PretrainedWeights(contentsOf: URL(filePath: weights)).load(into: network) }
    let model = try ONNXModel(of: network, input: sample, metadata: ["architecture": architecture.name])
    try model.write(to: URL(filePath: target))
    if example {
      try ONNXModel.writeExample(of: network, input: sample, to: ONNXExport.example(URL(filePath: target)))
    }
    tell(architecture.name, network.parameterCount, model.operationCount, Array(sample))
  }

  /// Of a checkpoint: the `train` of its model knows how to build its network.
  private func export(_ url: URL) throws {
    let lab = try Checkpoint(contentsOf: url).lab
    guard let model = lab["model"]?.string else {
      throw LabError(
        .checkpoint,
        "\(url.relativePath) does not describe its network: it was not saved by this workspace's train",
        remedy: "name an architecture, and the file with --weights")
    }
    let program = try ModelProgram(named: model, in: Workspace())
    let answer = try program.ask(
      ["--onnx-checkpoint", url.path, "--onnx-file", URL(filePath: target).path]
        + (example ? ["--onnx-example"] : []),
      trapped: "the network of \(url.relativePath) does not take its own samples")
    tell(
      answer["architecture"]?.string ?? model, answer["parameters"]?.int ?? 0,
      answer["operations"]?.int ?? 0, answer["input"]?.array?.compactMap(\.int) ?? [])
  }

  /// The file that is meant: a path, or the best checkpoint of a run.
  private func checkpoint() throws -> URL {
    if let run = RunFolder(at: URL(filePath: source).resolvingSymlinksInPath()),
      let file = checkpoint(of: run)
    {
      _ = try? openDatabase().database.details(source)  // the record learns where a moved run lies
      return file
    }
    if FileManager.default.fileExists(atPath: source) { return URL(filePath: source) }
    guard !source.contains("/"), !source.contains(".") else {
      throw LabError(.usage, "there is no file \(source)", remedy: "check the path")
    }
    let run: RunFolder
    do { run = try RunPlaces(openDatabase().database).folder(source) } catch {
      let names = ArchitectureRegistry.all.map(\.name)
      guard let near = nearestName(to: source, in: names) else { throw error }
      throw LabError(
        .usage, "\(source.quoted) is no file, no run and no architecture", remedy: "did you mean \(near)?")
    }
    guard let file = checkpoint(of: run) else {
      throw LabError(.usage, "run \(run.id) has kept no checkpoint", remedy: "name another run, or a file")
    }
    return file
  }

  private func checkpoint(of run: RunFolder) -> URL? {
    [run.bestCheckpoint, run.lastCheckpoint].first { FileManager.default.fileExists(atPath: $0.path) }
  }

  private func tell(_ name: String, _ parameters: Int, _ operations: Int, _ sample: [Int]) {
    let shape = sample.map(String.init).joined(separator: "x")
    print(
      "\(name): \(grouped(parameters)) parameters, \(operations) operations, samples of \(shape), opset 17")
    print("written: \(URL(filePath: target).relativePath)")
    if example { print("written: \(ONNXExport.example(URL(filePath: target)).relativePath)") }
  }
}
