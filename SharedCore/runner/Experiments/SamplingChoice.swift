import DataUtils

/// How the training samples of an epoch are chosen.
public enum SamplingChoice: String, CaseIterable, Sendable {
  /// Each once, in a new order.
  case shuffled
  /// With replacement, those of rare classes more often: by 1 / sqrt(n), 1 / n, or effective numbers.
  case inverseSquareRoot = "inverse_sqrt", inverse, effectiveNumber = "effective_number"
  /// Each, and those of rare classes several times.
  case replicate

  /// The sampling of a training part; nil for each sample once.
  ///
  /// - Parameter beta: what effective numbers are computed with.
  func sampling(of train: Dataset, beta: Double) -> Sampling? {
    switch self {
    case .shuffled: nil
    case .inverseSquareRoot: train.sampling(by: .inverseSquareRoot)
    case .inverse: train.sampling(by: .inverse)
    case .effectiveNumber: train.sampling(by: .effectiveNumber(beta: beta))
    case .replicate: train.samplingByRepetition()
    }
  }
}
