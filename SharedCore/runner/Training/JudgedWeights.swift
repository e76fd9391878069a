import Engine
import Utils

/// Which weights of a run are judged on the parts that were not trained on.
public enum JudgedWeights: Sendable {
  /// Those after the last epoch.
  case last
  /// Those after the epoch with the best monitored metric.
  case best
}

extension Checkpoint {
  /// The metrics of the epoch after which it was taken.
  var metrics: [Metric] {
    (lab["metrics"]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
      value.double.map { Metric(name, $0) }
    }
  }
}
