/// A network whose first hidden layer can be looked at.
public protocol HasHiddenUnits: Layer {
  /// What each unit of the first hidden layer answers to `x` [N, ...]: [N, units].
  func hiddenUnits(_ x: Tensor) -> Tensor
}

extension Averaged: HasHiddenUnits where Network: HasHiddenUnits {
  /// What each unit of the network itself answers.
  public func hiddenUnits(_ x: Tensor) -> Tensor { network.hiddenUnits(x) }
}
