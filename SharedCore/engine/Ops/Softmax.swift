import Kernels
import Utils

/// exp(x) / sum exp(x) over the last dimension: scores to probabilities.
///
/// Derivative: dx = y (g - sum g y).
public func softmax(_ x: Tensor) -> Tensor {
  let width = x.rowWidth("softmax")
  let y = Tensor(shape: x.shape) { y in x.withSpan { Kernels.chosen.softmax($0, into: &y, width: width) } }
  return record(y, from: x, facts: .softmax(isLogarithm: false)) { g in
    [
      Tensor(shape: y.shape) { dx in
        g.withSpan { g in y.withSpan { Kernels.chosen.softmaxGradient(g, y: $0, into: &dx, width: width) } }
      }
    ]
  }
}

/// x - log sum exp(x) over the last dimension, stable where log(softmax(x)) is not.
///
/// Derivative: dx = g - exp(y) sum g.
public func logSoftmax(_ x: Tensor) -> Tensor {
  let width = x.rowWidth("logSoftmax")
  let y = Tensor(shape: x.shape) { y in x.withSpan { Kernels.chosen.logSoftmax($0, into: &y, width: width) } }
  return record(y, from: x, facts: .softmax(isLogarithm: true)) { g in
    [
      Tensor(shape: y.shape) { dx in
        g.withSpan { g in y.withSpan { Kernels.chosen.logSoftmaxGradient(g, y: $0, into: &dx, width: width) }
        }
      }
    ]
  }
}

/// Softmax over a dimension of choice, counted from the end when negative.
///
/// Derivative: dx = y (g - sum g y).
public func softmax(_ x: Tensor, over dimension: Int) -> Tensor {
  x.withLast(dimension, "softmax") { softmax($0) }
}

/// The logarithm of softmax over a dimension of choice, counted from the end when negative.
///
/// Derivative: dx = g - exp(y) sum g.
public func logSoftmax(_ x: Tensor, over dimension: Int) -> Tensor {
  x.withLast(dimension, "logSoftmax") { logSoftmax($0) }
}

extension Tensor {
  /// What `body` makes of the tensor with a dimension moved to the end, moved back again.
  fileprivate func withLast(_ dimension: Int, _ op: String, _ body: (Tensor) -> Tensor) -> Tensor {
    let (dimension, last) = (resolved(dimension, op), shape.count - 1)
    return dimension == last ? body(self) : body(transposed(dimension, last)).transposed(dimension, last)
  }

  fileprivate func rowWidth(_ op: String) -> Int {
    guard let width = shape.last else { trap("\(op): a scalar has no dimension to run over") }
    return width
  }
}
