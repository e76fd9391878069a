import DataUtils
import Utils

/// The augmentations that a configuration names, each with its parameters and their defaults.
///
/// A value: what an experiment registers is known to that experiment alone.
public struct AugmentationRegistry: Sendable {
  /// What a name stands for.
  public struct Entry: Sendable {
    /// "rotation".
    public let name: String
    /// What it does, in one sentence without a full stop.
    public let summary: String
    /// What can be said about it.
    public let parameters: [AugmentationParameter]
    let make: @Sendable (AugmentationValues, DefectClasses) -> AugmentationSteps.Step
  }

  /// All entries, in the order in which they were registered.
  public private(set) var entries: [Entry] = []

  /// No entry.
  public init() {}

  /// The names of all entries.
  public var names: [String] { entries.map(\.name) }

  /// Whether there is an entry of that name.
  public func has(_ name: String) -> Bool { names.contains(name) }

  /// Adds an entry; one of the same name is replaced, at its place.
  ///
  /// - Parameters:
  ///   - name: what a configuration calls it.
  ///   - summary: what it does.
  ///   - parameters: what can be said about it.
  ///   - make: gives the augmentation for values of all parameters.
  /// - Returns: false when an entry was replaced, which deserves a warning.
  @discardableResult
  public mutating func register(
    _ name: String, _ summary: String, parameters: [AugmentationParameter],
    make: @escaping @Sendable (AugmentationValues, DefectClasses) -> AugmentationSteps.Step
  ) -> Bool {
    let entry = Entry(name: name, summary: summary, parameters: parameters, make: make)
    if let index = names.firstIndex(of: name) {
      entries[index] = entry
      return false
    }
    entries.append(entry)
    return true
  }

  /// Removes every entry.
  public mutating func clear() { entries = [] }

  /// The entry called `name`; throws a `LabError` that lists the known ones and the nearest.
  public func entry(_ name: String) throws -> Entry {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
    throw LabError(
      .config, "there is no augmentation \(name.quoted)",
      remedy: near + "the augmentations are \(names.joined(separator: ", "))")
  }

  /// What `configuration` asks for, in its order.
  ///
  /// A value is null or false (not at all), true (with its defaults), a number (the main parameters), or an object of
  /// parameters. Throws a `LabError` for unknown names and for values outside their range.
  public func steps(_ configuration: [(name: String, value: JSONValue)], classes: DefectClasses) throws
    -> AugmentationSteps
  {
    AugmentationSteps(
      try configuration.compactMap { name, value in
        let entry = try entry(name)
        switch value {
        case .null, .bool(false): return nil
        default:
          return (name, entry.make(try AugmentationValues(value, for: entry, classes: classes), classes))
        }
      })
  }
}

/// Augmentations in the order in which they are made.
public struct AugmentationSteps: Sendable {
  /// One of them.
  public enum Step: Sendable {
    /// It changes the pixels.
    case image(any Augmentation)
    /// It changes what the image shows as well.
    case target(any TargetAugmentation)
  }

  /// What the configuration calls them, in its order.
  public let names: [String]
  /// What changes the targets as well: made first, for masks fit images only as they were annotated.
  public let targets: [any TargetAugmentation]
  /// What changes the pixels.
  public let images: [any Augmentation]

  /// These steps.
  public init(_ steps: [(name: String, step: Step)]) {
    names = steps.map(\.name)
    targets = steps.compactMap { if case .target(let step) = $0.step { step } else { nil } }
    images = steps.compactMap { if case .image(let step) = $0.step { step } else { nil } }
  }

  /// All of them as a run records them.
  public var json: JSONValue { .array(targets.map(\.json) + images.map(\.json)) }
}
