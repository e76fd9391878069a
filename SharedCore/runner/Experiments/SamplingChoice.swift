import DataUtils

/// How the training samples of an epoch are chosen.
public enum SamplingChoice: String, CaseIterable, Sendable {
  /// Each once, in a new order.
  case shuffled
  /// With replacement, those of rare classes more often: by 1 / sqrt(n), 1 / n, or effective numbers.
  case inverseSquareRoot = "inverse_sqrt", inverse, effectiveNumber = "effective_number"
  /// Each, and those of rare classes several times.
  case replicate
  /// Of each class at most `max_samples`, or `sampling_ratio` times as many as the rarest has, chosen anew in every epoch.
  case balanced

  /// The sampling of a training part; nil for each sample once.
  ///
  /// - Parameter settings: those of the experiment; `loss.beta` is what effective numbers are computed with.
  func sampling(of train: Dataset, _ settings: Settings) -> Sampling? {
    switch self {
    case .shuffled: nil
    case .inverseSquareRoot: train.sampling(by: .inverseSquareRoot)
    case .inverse: train.sampling(by: .inverse)
    case .effectiveNumber: train.sampling(by: .effectiveNumber(beta: settings.double("loss.beta")))
    case .replicate: train.samplingByRepetition()
    case .balanced: train.samplingByCap(settings.int("max_samples"), ratio: settings.double("sampling_ratio"))
    }
  }

  /// What `balanced` is told by, for rows that have it.
  static let balancing: [Setting] = [
    .whole(
      "max_samples", nil, in: 1...1_000_000_000, "samples of a class that sampling=balanced takes an epoch"),
    .number(
      "sampling_ratio", 3, in: 1...1e6,
      "how many times the rarest class sampling=balanced takes of another, without max_samples"),
  ]
}
