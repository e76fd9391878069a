import Utils

/// Which network an experiment trains: the name of an architecture and its configuration.
///
/// Training builds the network through the same two that a checkpoint keeps, so a checkpoint can always be rebuilt.
public struct NetworkPlan: Sendable {
  /// A name in the model's `architectures`.
  public let architecture: String
  /// The configuration for some data: numbers of inputs, classes, hidden units.
  public let configuration: @Sendable (Settings, ExperimentData) -> JSONValue

  /// The architecture called `architecture`, configured for the data.
  public init(
    _ architecture: String, configuration: @escaping @Sendable (Settings, ExperimentData) -> JSONValue
  ) {
    self.architecture = architecture
    self.configuration = configuration
  }
}
