import Backbones
import DataUtils
import Defects
import Engine
import Foundation
import Runner
import Utils

/// Whether all parts of the system work together, in six checks that take seconds and need no data.
public enum SystemCheck {
  /// One check: what it looks at, and what it found; it throws where something is wrong.
  typealias Check = (name: String, run: @Sendable () throws -> String)

  /// Runs all checks, prints a line for each and the total, and ends the process: 0 where all pass, else 1.
  public static func main() -> Never {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") {
      print(help)
      exit(0)
    }
    if let first = arguments.first {
      Terminal.writeError(
        usageComplaint("Unexpected argument \(first.quoted)", help: "swift run validate --help"))
      exit(2)
    }
    exit(run(checks) { print($0) } ? 0 : 1)
  }

  private static let help = """
    Checks in seconds, without data, that all parts of the system work together.

    USAGE: swift run validate

    Six checks, a line with PASS or FAIL for each: \(checks.map(\.name).joined(separator: ", ")).
    The exit code is 0 where all pass, else 1.
    """

  /// Runs `checks`; true where all pass.
  static func run(_ checks: [Check], tell: (String) -> Void) -> Bool {
    var passed = 0
    for check in checks {
      do {
        tell("\(Terminal.green("PASS"))  \(check.name): \(try check.run())")
        passed += 1
      } catch { tell("\(Terminal.yellow("FAIL"))  \(check.name): \(error)") }
    }
    tell("\(passed) of \(checks.count) checks passed")
    return passed == checks.count
  }

  static let checks: [Check] = [
    ("components", components), ("model", model), ("losses", losses), ("augmentation", augmentation),
    ("split", split), ("registries", registries),
  ]

  /// Every row of the table has a network that is known, and a configuration file that says its settings.
  private static func components() throws -> String {
    let catalog = steelDefectsCatalog
    let unknown = catalog.experiments.filter { row in
      !catalog.architectures.contains { $0.name == row.network.architecture }
    }
    try expect(unknown.isEmpty, "no network for \(unknown.map(\.name))")
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config")
    var files = 0
    for (file, row) in [("train_config.yaml", "severstal"), ("train_config_v2.yaml", "severstal-v2")] {
      var settings = try catalog.experiment(row).settings
      try ConfigFile(contentsOf: folder.appending(path: file).standardizedFileURL).apply(to: &settings)
      files += 1
    }
    return
      "\(catalog.experiments.count) experiments, \(catalog.architectures.count) networks, \(files) configuration files"
  }

  /// The network by its name, with random weights, answers a whole strip.
  private static func model() throws -> String {
    let network = try build("convnext_tiny_cbam", classes: 4)
    let logits = withMode(.evaluation) { network(Tensor(repeating: 0, shape: [1, 3, 256, 1600])) }
    try expect(logits.shape == [1, 4] && logits.isFinite, "its answer is \(logits.shape)")
    return "1x3x256x1600 to \(logits.shape), \(network.parameterCount) parameters"
  }

  private static func losses() throws -> String {
    for name in ["focal_loss", "bce_with_logits"] {
      let loss = try LossRegistry.standard.get(name, ["alpha": 0.25, "gamma": 2.0])
      let value = loss(Tensor(repeating: 0, shape: [2, 4]), Tensor(repeating: 1, shape: [2, 4])).scalar
      try expect(value.isFinite && value > 0, "\(name) gives \(value)")
    }
    return "focal_loss and bce_with_logits"
  }

  /// The standard steps on a white strip.
  private static func augmentation() throws -> String {
    let steps = try AugmentationRegistry.steel.steps(
      AugmentationPreset.standard.configuration, classes: .four)
    let white = Tensor(repeating: 1, shape: [3, 256, 1600])
    var random = RandomStream(seed: 42)
    var pixels = white.elements
    for step in steps.images {
      var span = pixels.mutableSpan
      try step.transform(&span, white.shape, &random)
    }
    try expect(pixels.allSatisfy { (0...1).contains($0) }, "a pixel lies outside of 0 to 1")
    return steps.names.joined(separator: ", ")
  }

  /// A hundred rows of random labels fall into three parts without a row in two, and with every class in each.
  private static func split() throws -> String {
    var random = RandomStream(seed: 42)
    let targets = (0..<400).map { _ in UInt8(random.uniform() < 0.3 ? 1 : 0) }
    let split = IterativeStratification.split(
      MultiLabelTargets(targets, classes: 4), ratios: SplitStrategy.stratified701515.ratios, seed: 42)
    let all = split.train + split.val + split.test
    try expect(all.sorted() == Array(0..<100), "a row is lost or there twice")
    let rows = MultiLabelTargets(targets, classes: 4)
    let poor = split.parts.filter { rows.classCounts(of: $0.indices).contains(0) }.map(\.name)
    try expect(poor.isEmpty, "a class is missing in \(poor.joined(separator: " and "))")
    return "\(split.train.count), \(split.val.count) and \(split.test.count) rows"
  }

  private static func registries() throws -> String {
    let lists = [networks.map(\.name), LossRegistry.standard.names, AugmentationRegistry.steel.names]
    try expect(lists.allSatisfy { !$0.isEmpty }, "one of them is empty")
    return lists.map { $0.joined(separator: " ") }.joined(separator: "; ")
  }

  private static func build(_ name: String, classes: Int) throws -> any Layer {
    var random = RandomStream(seed: 42)
    return try ArchitectureRegistry.named(name).build(classes, &random)
  }

  private static func expect(_ condition: Bool, _ complaint: String) throws {
    guard condition else { throw LabError(.model, complaint, remedy: "run swift test in this package") }
  }
}
