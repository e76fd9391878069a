import ArgumentParser
import Backbones
import Engine
import Foundation
import Runner
import Utils

/// `lab summary NAME`: the layer tree of a network with shapes, parameters and multiply-adds.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Counts a network: layers, output shapes, parameters and multiply-adds.",
    discussion: "Without a name it lists the architectures.")

  @Argument(
    help: ArgumentHelp(
      "An architecture such as resnet50, or a model's folder below models.", valueName: "name")
  )
  var name: String?
  @Argument(help: ArgumentHelp("Of a model, settings to change, such as size=tiny.", valueName: "key=value"))
  var words: [String] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The shape of a sample, channels first (default: the network's own).", valueName: "3x224x224"))
  var input: String?
  @Option(help: ArgumentHelp("Of a model, the experiment (default: its first).", valueName: "name"))
  var experiment: String?
  @Option(
    name: .customLong("data-root"),
    help: ArgumentHelp("Of a model, the folder of the downloaded data sets.", valueName: "folder"))
  var dataRoot: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many levels of the tree to show (default: all).", valueName: "n"))
  var depth: String?
  @Flag(help: "Answer with one line of JSON.")
  var json = false

  func run() throws {
    let levels = try depth.map { text in
      guard let levels = Int(text), levels >= 0 else {
        throw LabError(.usage, "--depth is \(text)", remedy: "give a whole number from 0 on")
      }
      return levels
    }
    guard let name else {
      print(ArchitectureRegistry.all.map(\.name).joined(separator: "\n"))
      return
    }
    if let architecture = try? ArchitectureRegistry.named(name) {
      guard experiment == nil, words.isEmpty else {
        throw LabError(
          .usage, "\(architecture.name) is an architecture and has no experiments and no settings",
          remedy: "leave --experiment and key=value out")
      }
      show(try summary(of: architecture), of: architecture.name, levels)
    } else {
      let (summary, title) = try summary(ofModel: name)
      show(summary, of: title, levels)
    }
  }

  private func show(_ summary: NetworkSummary, of name: String, _ levels: Int?) {
    print(json ? summary.json.text() : summary.table(name: name, depth: levels))
  }

  /// Of an architecture: in a process of its own where the sample is not the usual one, for a network that does not take
  /// it ends its process.
  private func summary(of architecture: RegisteredArchitecture) throws -> NetworkSummary {
    let sample = try input.map(SampleSize.parse) ?? architecture.input
    guard sample.count == architecture.input.count, sample.first == architecture.input.first else {
      throw LabError(
        .usage, "\(architecture.name) does not take samples of \(input ?? "")",
        remedy:
          "give \(architecture.input.count) sizes, the first of them \(architecture.input[0]) for the channels"
      )
    }
    guard json || sample == architecture.input else {
      let lab = Child(
        Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]),
        ["summary", architecture.name, "--input", input ?? "", "--json"])
      return try read(lab.answer(trapped: "\(architecture.name) does not take samples of \(input ?? "")"))
    }
    var random = RandomStream(seed: 42)
    return NetworkSummary(of: architecture.build(architecture.classes, &random), input: sample)
  }

  /// Of a model: its `train` answers.
  private func summary(ofModel name: String) throws -> (NetworkSummary, title: String) {
    if let input { _ = try SampleSize.parse(input) }
    let workspace = try Workspace()
    guard !workspace.models.filter({ $0.lowercased().contains(name.lowercased()) }).isEmpty else {
      let architectures = ArchitectureRegistry.all.map(\.name)
      let near = nearestName(to: name, in: architectures + workspace.models).map { "did you mean \($0)? " }
      throw LabError(
        .usage, "there is no architecture and no model \(name.quoted)",
        remedy: (near ?? "")
          + "the architectures are \(architectures.joined(separator: ", ")), and the models "
          + workspace.models.joined(separator: ", "))
    }
    let program = try ModelProgram(named: name, in: workspace)
    let answer = try program.ask(
      ["--summary", input ?? "auto"] + (experiment.map { ["--experiment", $0] } ?? [])
        + (dataRoot.map { ["--data-root", URL(filePath: $0).path] } ?? []) + words,
      trapped: "\(program.folder) does not take samples of \(input ?? "its data")")
    let title = "\(answer["architecture"]?.string ?? program.folder) (\(answer["experiment"]?.string ?? ""))"
    return (try read(answer["summary"] ?? .null), title)
  }

  private func read(_ answer: JSONValue) throws -> NetworkSummary {
    guard let summary = NetworkSummary(json: answer) else {
      throw LabError(.model, "the answer is no summary of a network", remedy: "build the workspace again")
    }
    return summary
  }
}
