import DataUtils
import Utils

/// Augmentations that a configuration chooses by name.
public typealias AugmentationRegistry = Registry<AugmentationRecipe>

/// How an augmentation of the registry is made from parameters.
public struct AugmentationRecipe: Sendable {
  /// What can be said about it.
  public let parameters: [AugmentationParameter]
  let make: @Sendable (AugmentationValues, DefectClasses) -> AugmentationSteps.Step

  /// An augmentation that `make` gives for checked values of all `parameters`.
  public init(
    parameters: [AugmentationParameter],
    make: @escaping @Sendable (AugmentationValues, DefectClasses) -> AugmentationSteps.Step
  ) {
    self.parameters = parameters
    self.make = make
  }
}

extension Registry<AugmentationRecipe> {
  /// What `configuration` asks for, in its order.
  ///
  /// A value is null or false (not at all), true (with its defaults), a number (the main parameters), or an object of
  /// parameters. Throws a `LabError` for unknown names and for values outside their range.
  public func steps(_ configuration: [(name: String, value: JSONValue)], classes: DefectClasses) throws
    -> AugmentationSteps
  {
    AugmentationSteps(
      try configuration.compactMap { name, value in
        let recipe = try get(name)
        switch value {
        case .null, .bool(false): return nil
        default:
          let values = try AugmentationValues(value, of: name, recipe.parameters, classes: classes)
          return (name, recipe.make(values, classes))
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
