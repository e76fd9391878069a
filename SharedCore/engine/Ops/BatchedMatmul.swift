import Kernels
import Utils

/// The products of many matrices, [..., M, K] and [..., K, N] to [..., M, N], the leading dimensions broadcast.
///
/// Derivative: da = g bT, db = aT g, each summed over the dimensions along which the operand was repeated.
func batchedMatmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  record(products(a, b), from: a, b) { g in
    [
      a.needsGradient ? products(g, b, transposeB: true).summed(to: a.shape) : nil,
      b.needsGradient ? products(a, g, transposeA: true).summed(to: b.shape) : nil,
    ]
  }
}

/// The products, one after the other, not recorded; a transposed operand has its last two dimensions exchanged.
private func products(_ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor
{
  let (rank, inA, inB) = (Swift.max(a.shape.count, b.shape.count) - 2, a.shape.count - 2, b.shape.count - 2)
  let size = MatmulShape(
    m: a.shape[inA + (transposeA ? 1 : 0)], n: b.shape[inB + (transposeB ? 0 : 1)],
    k: a.shape[inA + (transposeA ? 0 : 1)], transposeA: transposeA, transposeB: transposeB)
  // which matrix of each operand a batch uses: index numbers, broadcast as the matrices are
  func numbers(_ x: Tensor) -> Tensor {
    let shape = Shape(x.shape.dropLast(2))
    return Tensor((0..<shape.elementCount).map(Float.init), shape: shape)
  }
  let (ofA, ofB) = (numbers(a), numbers(b))
  let leading = combine(.add, ofA, ofB).shape
  require(leading.count == rank && leading.elementCount < 1 << 24, "matmul: \(leading) are too many products")
  let (placesOfA, placesOfB) = (ofA.expanded(to: leading).elements, ofB.expanded(to: leading).elements)
  return Tensor(shape: Shape(leading + [size.m, size.n])) { c in
    a.withSpan { a in
      b.withSpan { b in
        for (batch, (inA, inB)) in zip(placesOfA, placesOfB).enumerated() {
          let (startOfA, startOfB) = (Int(inA) * size.m * size.k, Int(inB) * size.k * size.n)
          let product = batch * size.m * size.n..<(batch + 1) * size.m * size.n
          c.withUnsafeMutableBufferPointer { c in
            var product = UnsafeMutableBufferPointer(rebasing: c[product]).mutableSpan
            Kernels.chosen.matmul(
              a.extracting(startOfA..<startOfA + size.m * size.k),
              b.extracting(startOfB..<startOfB + size.k * size.n), bias: Span(), into: &product, size)
          }
        }
      }
    }
  }
}
