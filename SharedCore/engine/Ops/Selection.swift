import Kernels

/// x where the mask says yes, y elsewhere; all three broadcast against each other.
///
/// Derivative: dx = g where the mask says yes, dy = g elsewhere. What is not chosen may be NaN or infinite: it counts
/// neither forwards nor backwards.
public func select(_ x: Tensor, where mask: Mask, else y: Tensor) -> Tensor {
  let (yes, no) = (mask.flags, (!mask).flags)
  let chosen = combine(.add, combine(.keepWhere, x, yes), combine(.keepWhere, y, no))
  return record(chosen, from: x, y) { g in
    [
      x.needsGradient ? combine(.keepWhere, g, yes).summed(to: x.shape) : nil,
      y.needsGradient ? combine(.keepWhere, g, no).summed(to: y.shape) : nil,
    ]
  }
}

extension Tensor {
  /// A number where the mask says yes, the tensor's own elsewhere: -infinity where attention must not look.
  ///
  /// Derivative: 0 where the mask says yes, g elsewhere.
  public func filled(with value: Float, where mask: Mask) -> Tensor {
    select(Tensor(value), where: mask, else: self)
  }
}
