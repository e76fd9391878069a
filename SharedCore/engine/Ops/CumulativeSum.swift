import Kernels

extension Tensor {
  /// Running totals along a dimension: each element plus all before it.
  ///
  /// Derivative: dx = the running totals of g from the end.
  public func cumulativeSum(along dimension: Int) -> Tensor {
    let view = ReductionShape(shape, resolved(dimension, "cumulativeSum"))
    return record(totals(view, fromTheEnd: false), from: self) { g in [g.totals(view, fromTheEnd: true)] }
  }

  private func totals(_ view: ReductionShape, fromTheEnd: Bool) -> Tensor {
    Tensor(shape: shape) { y in
      withSpan { Kernels.chosen.cumulativeSum($0, into: &y, view, fromTheEnd: fromTheEnd) }
    }
  }
}
