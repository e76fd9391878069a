import Engine

/// Some parameters of a network that learn at a rate of their own: a new head beside a backbone that was trained before.
///
/// Schedules change both rates alike: the group's stays as many times the common one as at the beginning.
public struct RateGroup: Sendable {
  /// The setting that gives the rate: `lr_classifier`.
  public let key: String
  /// The rate unless the setting says otherwise.
  public let rate: Double
  /// What the names of the parameters look like, `*` for any letters.
  public let patterns: [String]
  /// What the setting says in the help.
  public let help: String

  /// The parameters that fit `patterns`, at a rate of their own.
  public init(_ key: String, _ rate: Double, of patterns: [String], _ help: String) {
    self.key = key
    self.rate = rate
    self.patterns = patterns
    self.help = help
  }

  var setting: Setting { .number(key, rate, in: 1e-12...1000, help) }

  /// The group for an optimiser whose common rate is `common`; throws where a pattern fits none of the network's
  /// parameters. Frozen ones, which the optimiser does not have, are left out.
  func group(of network: any Module, _ settings: Settings, common: Double) throws -> ParameterGroup {
    let group = try ParameterGroup(of: network, matching: patterns)
    return ParameterGroup(
      group.parameters.filter { !$0.parameter.isFrozen }, rateFactor: Float(settings.double(key) / common))
  }
}
