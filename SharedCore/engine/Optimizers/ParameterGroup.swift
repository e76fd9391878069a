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
