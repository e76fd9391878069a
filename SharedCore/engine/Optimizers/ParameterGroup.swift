import Utils

/// Some of an optimiser's parameters that learn otherwise than the rest: slower, faster, or without decay.
///
/// ```swift
/// AdamW(
///   network.parameters(), learningRate: 1e-3, weightDecay: 0.1,
///   groups: [.biasesAndNorms(of: network), ParameterGroup(network.stem.parameters(), rateFactor: 0.1)])
/// ```
/// What an optimiser keeps for a parameter does not depend on the groups, so a checkpoint fits whatever they
/// are.
public struct ParameterGroup {
  /// Who belongs to the group.
  public let parameters: [(name: String, parameter: Parameter)]
  /// What the optimiser's learning rate is multiplied by, also while a schedule changes it.
  public let rateFactor: Float
  /// The group's own weight decay; nil for the optimiser's.
  public let weightDecay: Float?

  /// Parameters with a rate and a decay of their own.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], rateFactor: Float = 1, weightDecay: Float? = nil
  ) {
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }

  /// The parameters of `module` whose names fit one of some patterns, `*` for any letters: `fusion_mlp.*`.
  ///
  /// Throws a `LabError` where a pattern fits none, so that no group is empty by a misspelling.
  ///
  /// - Parameters:
  ///   - rateFactor: what the optimiser's learning rate is multiplied by.
  ///   - weightDecay: the group's own; nil for the optimiser's.
  public init(
    of module: any Module, matching patterns: [String], rateFactor: Float = 1, weightDecay: Float? = nil
  ) throws {
    let all = module.parameters()
    for pattern in patterns where !all.contains(where: { NamePattern.fits($0.name, pattern) }) {
      let near = nearestName(to: pattern, in: all.map(\.name)).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .model, "no parameter is called \(pattern.quoted)",
        remedy: near + "the first are \(all.prefix(6).map(\.name).joined(separator: ", "))")
    }
    self.init(
      all.filter { entry in patterns.contains { NamePattern.fits(entry.name, $0) } }, rateFactor: rateFactor,
      weightDecay: weightDecay)
  }

  /// The parameters of `module` with fewer than two dimensions: shifts and scales, which decay would only
  /// hinder.
  public static func biasesAndNorms(
    of module: any Module, rateFactor: Float = 1, weightDecay: Float? = 0
  ) -> ParameterGroup {
    ParameterGroup(
      module.parameters().filter { $0.parameter.shape.count < 2 }, rateFactor: rateFactor,
      weightDecay: weightDecay)
  }
}
