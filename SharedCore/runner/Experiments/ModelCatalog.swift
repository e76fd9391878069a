import Engine
import Utils

/// A kind of network that can be built from its configuration alone.
public struct Architecture: Sendable {
  /// The name under which checkpoints know it.
  public let name: String
  /// What it is, in one sentence.
  public let summary: String
  /// Builds it. Throws when the configuration is not one of its own.
  public let build: @Sendable (Configuration, inout RandomStream) throws -> any Layer

  /// An architecture with the closure that builds it.
  public init(
    _ name: String, summary: String,
    build: @escaping @Sendable (Configuration, inout RandomStream) throws -> any Layer
  ) {
    self.name = name
    self.summary = summary
    self.build = build
  }
}

/// The configuration of an architecture, read from an experiment or from a checkpoint that anybody may have written.
public struct Configuration: Sendable {
  let values: JSONValue
  let source: String
  /// How many numbers the checkpoint holds; no limit for an experiment.
  var numbers = Int.max

  /// All of it.
  public var json: JSONValue { values }

  /// What it was read from, for errors.
  public var origin: String { source }

  /// Refuses a claim of more weights than the checkpoint holds: to be called before they are made.
  public func check(weights count: Int) throws {
    guard count <= numbers else {
      throw LabError(
        .checkpoint, "\(source) holds \(numbers) numbers, and its configuration claims \(count) weights",
        remedy: "give a checkpoint that this model has written")
    }
  }

  /// A whole number of at least 1 and at most a hundred million.
  public func count(_ key: String) throws -> Int {
    guard let value = values[key]?.int, (1...100_000_000).contains(value) else {
      throw unusable(key, "a whole number")
    }
    return value
  }

  /// Some whole numbers, each of at least `least` and at most a hundred million; perhaps none.
  public func counts(_ key: String, atLeast least: Int = 1) throws -> [Int] {
    let numbers = values[key]?.array?.map(\.int) ?? [nil]
    guard numbers.count <= 10_000, numbers.allSatisfy({ $0.map((least...100_000_000).contains) ?? false })
    else {
      throw unusable(key, "a list of whole numbers")
    }
    return numbers.compactMap(\.self)
  }

  /// True or false.
  public func flag(_ key: String) throws -> Bool {
    guard let value = values[key]?.bool else { throw unusable(key, "true or false") }
    return value
  }

  /// A number of `range`; nil when the configuration says `null`.
  public func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = values[key], value != .null else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw unusable(key, "a number of \(range)")
    }
    return number
  }

  /// One of the words that a type knows.
  public func choice<Choice: RawRepresentable<String>>(_ key: String, as type: Choice.Type) throws -> Choice {
    guard let word = values[key]?.string, let choice = Choice(rawValue: word) else {
      throw unusable(key, "a known word")
    }
    return choice
  }

  private func unusable(_ key: String, _ wanted: String) -> LabError {
    LabError(
      .checkpoint, "\(source): the network's \(key) is \(values[key]?.text() ?? "missing") and not \(wanted)",
      remedy: "give a checkpoint that this model has written")
  }
}

/// A model as the runner knows it: its networks and its table of experiments.
public struct ModelCatalog: Sendable {
  /// The package's folder below `models`: `01_perceptron`.
  public let folder: String
  /// The model's name and year: "Perceptron (Rosenblatt 1957)".
  public let title: String
  /// The networks that its checkpoints may hold.
  public let architectures: [Architecture]
  /// The table of experiments.
  public let experiments: [Experiment]

  /// A model with its networks and experiments; traps when two experiments answer to one name.
  public init(folder: String, title: String, architectures: [Architecture], experiments: [Experiment]) {
    let names = experiments.flatMap { [$0.name] + $0.aliases }.map(Self.folded)
    require(Set(names).count == names.count, "\(folder): two experiments answer to one name")
    self.folder = folder
    self.title = title
    self.architectures = architectures
    self.experiments = experiments
  }

  /// The experiment that is called `name`; `-` and `_` are alike.
  public func experiment(_ name: String) throws -> Experiment {
    let wanted = Self.folded(name)
    if let found = experiments.first(where: { ([$0.name] + $0.aliases).map(Self.folded).contains(wanted) }) {
      return found
    }
    let near = nearestName(to: name, in: experiments.flatMap { [$0.name] + $0.aliases })
    throw LabError(
      .usage, "\(folder) has no experiment \(name)",
      remedy: (near.map { "did you mean \($0)? " } ?? "")
        + "the experiments are \(experiments.map(\.name).joined(separator: ", "))")
  }

  /// The network that a checkpoint or an experiment names.
  func network(
    _ architecture: String, _ configuration: JSONValue, source: String, holding numbers: Int = .max,
    using random: inout RandomStream
  ) throws -> any Layer {
    guard let found = architectures.first(where: { $0.name == architecture }) else {
      throw LabError(
        .checkpoint, "\(source) holds a network called \(architecture), which \(folder) does not know",
        remedy:
          "evaluate it with its own model; this one knows \(architectures.map(\.name).joined(separator: ", "))"
      )
    }
    return try found.build(Configuration(values: configuration, source: source, numbers: numbers), &random)
  }

  private static func folded(_ name: String) -> String { name.lowercased().replacing("_", with: "-") }
}
