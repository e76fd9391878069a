import DataUtils
import Engine

/// A measure of an experiment's own, taken of each part that a finished run is judged on, beside accuracy and the like.
public struct ExtraMetric: Sendable {
  /// What it may be computed from.
  public struct Subject {
    /// The trained network.
    public let network: any Layer
    /// What the network made of the samples.
    public let evaluation: Evaluation
    /// Which part it was, and all the data.
    public let part: DataSplits.Part, data: ExperimentData
    /// The merged settings.
    public let settings: Settings
  }

  /// The name, without the part: `overlap`.
  public let name: String
  /// Computes it; nil where it does not apply, such as on a part that it does not speak of.
  public let compute: @Sendable (Subject) throws -> Double?

  /// A metric with its name.
  public init(_ name: String, _ compute: @escaping @Sendable (Subject) throws -> Double?) {
    self.name = name
    self.compute = compute
  }
}
