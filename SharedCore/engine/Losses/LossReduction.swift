/// What becomes of the losses of single elements.
public enum LossReduction: String, Sendable {
  /// They stay single.
  case none
  /// Their mean; NaN of none, as in PyTorch.
  case mean
  /// Their sum.
  case sum
  /// Their sum divided by the size of the first dimension.
  case batchMean = "batchmean"
}

extension Tensor {
  /// Losses, reduced.
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    case .batchMean: sum() / Float(shape.first ?? 1)
    }
  }
}
