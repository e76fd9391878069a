import Utils

/// Which network an experiment trains: the name of an architecture and its configuration.
///
/// Training builds the network through the same two that a checkpoint keeps, so a checkpoint can always be rebuilt.
public struct NetworkPlan: Sendable {
  /// A name in the model's `architectures`: the one that is trained unless a setting names another.
  public let architecture: String
  /// The setting that names the architecture; nil where there is no choice.
  public let choice: String?
  /// The configuration for some data: numbers of inputs, classes, hidden units.
  public let configuration: @Sendable (Settings, ExperimentData) -> JSONValue

  /// The architecture called `architecture`, or as the setting `choice` says, configured for the data.
  public init(
    _ architecture: String, choice: String? = nil,
    configuration: @escaping @Sendable (Settings, ExperimentData) -> JSONValue
  ) {
    self.architecture = architecture
    self.choice = choice
    self.configuration = configuration
  }

  /// What tells the network from others of its architecture: the words of its configuration, such as `size=atto`, and what
  /// somebody has changed.
  func particulars(_ settings: Settings, row: Settings, _ data: ExperimentData) -> [String] {
    let usual = configuration(row, data)
    return (configuration(settings, data).object ?? [:]).sorted { $0.key < $1.key }.compactMap { key, value in
      if let word = value.string { return "\(key)=\(word)" }
      return value == usual[key] ? nil : "\(key)=\(value.text())"
    }
  }

  /// The name of the architecture that `settings` ask for.
  func architecture(_ settings: Settings) -> String { choice.map(settings.string) ?? architecture }
}
