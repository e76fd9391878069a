import Kernels
import Utils

/// The product of two matrices, [M, K] and [K, N] to [M, N].
///
/// More dimensions before the last two are as many products, broadcast against each other: [N, H, T, D] and
/// [H, D, S] to [N, H, T, S]. A vector is a row on the left and a column on the right, and leaves no dimension.
///
/// Derivative: da = g bT, db = aT g.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    !a.shape.isEmpty && !b.shape.isEmpty && a.shape.last == b.shape[Swift.max(b.shape.count - 2, 0)],
    "matmul: shapes \(a.shape) and \(b.shape) do not multiply")
  if a.shape.count == 1 {
    let y = matmul(a.unsqueezed(at: 0), b)
    return b.shape.count == 1 ? y : y.squeezed(at: -2)
  }
  if b.shape.count == 1 { return matmul(a, b.unsqueezed(at: 1)).squeezed(at: -1) }
  guard b.shape.count == 2 else { return batchedMatmul(a, b) }
  guard a.shape.count == 2 else {  // one matrix for all rows: one product
    let rows = a.reshaped(to: [a.shape.product(of: 0..<a.shape.count - 1), b.shape[0]])
    return matmul(rows, b).reshaped(to: a.shape.replacingLast(with: b.shape[1]))
  }
  let y = product(a, b, MatmulShape(m: a.shape[0], n: b.shape[1], k: a.shape[1]))
  return record(y, from: a, b) { g in
    let (m, n, k) = (a.shape[0], b.shape[1], a.shape[1])
    return [
      a.needsGradient ? product(g, b, MatmulShape(m: m, n: k, k: n, transposeB: true)) : nil,
      b.needsGradient ? product(a, g, MatmulShape(m: k, n: n, k: m, transposeA: true)) : nil,
    ]
  }
}

/// x WT + b, the fully connected layer.
///
/// Derivative: dx = g W, dW = gT x, db = g summed over the rows.
///
/// - Parameters:
///   - x: [..., I]; all dimensions but the last are rows.
///   - weight: W [O, I], as PyTorch keeps it.
///   - bias: b [O], or nil.
/// - Returns: [..., O].
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  require(
    weight.shape.count == 2 && x.shape.last == weight.shape[1]
      && (bias == nil || bias?.shape == [weight.shape[0]]),
    "linear: input \(x.shape), weight \(weight.shape) and bias \(bias?.shape.description ?? "none") do not fit"
  )
  let (outputs, inputs) = (weight.shape[0], weight.shape[1])
  let rows = x.shape.product(of: 0..<x.shape.count - 1)
  let y = product(
    x, weight, bias: bias, as: x.shape.replacingLast(with: outputs),
    MatmulShape(m: rows, n: outputs, k: inputs, transposeB: true))
  // Only what the gradients need is kept: not the input where the weights are frozen.
  let (ofX, ofBias) = (x.needsGradient, bias?.needsGradient ?? false)
  let (kept, inputShape) = (weight.needsGradient ? x : nil, x.shape)
  let pullback = { (g: Tensor) -> [Tensor?] in
    [
      ofX ? product(g, weight, as: inputShape, MatmulShape(m: rows, n: inputs, k: outputs)) : nil,
      kept.map { product(g, $0, MatmulShape(m: outputs, n: inputs, k: rows, transposeA: true)) },
      ofBias ? reduceSum(g.reshaped(to: [rows, outputs]), over: 0, keepingDimension: false) : nil,
    ]
  }
  guard let bias else { return record(y, from: x, weight) { Array(pullback($0).dropLast()) } }
  return record(y, from: x, weight, bias, pullback: pullback)
}

/// C = A B (+ bias), not recorded, in the shape [m, n] or the one given.
private func product(
  _ a: Tensor, _ b: Tensor, bias: Tensor? = nil, as shape: Shape? = nil, _ size: MatmulShape
) -> Tensor {
  Tensor(shape: shape ?? [size.m, size.n]) { c in
    a.withSpan { a in
      b.withSpan { b in
        guard let bias else {
          return Kernels.chosen.matmul(a, b, bias: Span(), into: &c, size)
        }
        bias.withSpan { Kernels.chosen.matmul(a, b, bias: $0, into: &c, size) }
      }
    }
  }
}
