/// A network with classifiers half-way, which help it to learn and are not asked in use.
///
/// Szegedy et al., "Going Deeper with Convolutions", 2015, §5. `GradientRule` makes the sum of all losses small: that of
/// the logits, and `auxiliaryShare` times that of each classifier half-way.
public protocol HasAuxiliaryOutputs: Layer {
  /// The logits [N, K] of `x`, and those of each classifier half-way [N, K]; none where there is none.
  func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor])
  /// How much the loss of each classifier half-way counts beside that of the logits.
  var auxiliaryShare: Float { get }
}

extension Averaged: HasAuxiliaryOutputs {
  /// Those of the network.
  public func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor]) {
    (network as? any HasAuxiliaryOutputs)?.outputs(x) ?? (network(x), [])
  }

  /// That of the network.
  public var auxiliaryShare: Float { (network as? any HasAuxiliaryOutputs)?.auxiliaryShare ?? 0 }
}
