import COneDNN
import Synchronization
import Utils

extension FastKernels {
  /// oneDNN's product from 4,000 operations upward; below that a loop is over before a call has begun.
  public func matmul(
    _ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>, into c: inout MutableSpan<Float>,
    _ shape: MatmulShape
  ) {
    require(
      a.count >= shape.m * shape.k && b.count >= shape.k * shape.n && c.count >= shape.m * shape.n
        && (bias.isEmpty || bias.count >= shape.n))
    guard shape.operations >= 4_000, let product = PreparedProduct.take(shape, bias: !bias.isEmpty) else {
      return smallMatmul(a, b, bias: bias, into: &c, shape)
    }
    let status = a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        bias.withUnsafeBufferPointer { bias in
          c.withUnsafeMutableBufferPointer { c in
            onednn_matmul_run(product.handle, a.baseAddress, b.baseAddress, bias.baseAddress, c.baseAddress)
          }
        }
      }
    }
    product.giveBack()
    require(status == 0, "oneDNN refused a product of \(shape) with status \(status)")
  }

  /// The reference without its bounds checks, and with the sum in a register where rows of C are short or B lies
  /// transposed.
  private func smallMatmul(
    _ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>, into c: inout MutableSpan<Float>,
    _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    let (rowOfA, columnOfA) = shape.transposeA ? (1, m) : (k, 1)
    let (rowOfB, columnOfB) = shape.transposeB ? (1, k) : (n, 1)
    for i in 0..<m {
      if shape.transposeB || n < 8 {
        for j in 0..<n {
          var sum: Float = bias.isEmpty ? 0 : bias[unchecked: j]
          for p in 0..<k {
            sum += a[unchecked: i &* rowOfA &+ p &* columnOfA] * b[unchecked: p &* rowOfB &+ j &* columnOfB]
          }
          c[unchecked: i &* n &+ j] = sum
        }
      } else {
        for j in 0..<n { c[unchecked: i &* n &+ j] = bias.isEmpty ? 0 : bias[unchecked: j] }
        for p in 0..<k {
          let aip = a[unchecked: i &* rowOfA &+ p &* columnOfA]
          for j in 0..<n { c[unchecked: i &* n &+ j] += aip * b[unchecked: p &* n &+ j] }
        }
      }
    }
  }
}

/// oneDNN products that are ready to run.
///
/// Making one takes up to a millisecond, so they are kept by shape; each is lent to one thread at a time.
private struct PreparedProduct: @unchecked Sendable {
  struct Key: Hashable {
    let shape: MatmulShape
    let bias: Bool
  }

  private static let idle = Mutex<[Key: [PreparedProduct]]>([:])

  /// Below this a product runs on the calling thread.
  ///
  /// It takes about 100 microseconds there, and waking another thread costs as much whenever a neighbour
  /// uses the core.
  private static let alone = 20_000_000

  let key: Key
  let handle: onednn_matmul_t

  /// A product for `shape`, from the shelf or new; nil when oneDNN has none.
  static func take(_ shape: MatmulShape, bias: Bool) -> PreparedProduct? {
    let key = Key(shape: shape, bias: bias)
    if let kept = idle.withLock({ $0[key]?.popLast() }) { return kept }
    return onednn_matmul_create(
      Int64(shape.m), Int64(shape.n), Int64(shape.k), shape.transposeA ? 1 : 0, shape.transposeB ? 1 : 0,
      bias ? 1 : 0,
      shape.operations < alone ? 1 : 0
    ).map { PreparedProduct(key: key, handle: $0) }
  }

  /// Puts it on the shelf.
  ///
  /// Batches of ever new sizes must not fill the memory: a shelf of 500 shapes is cleared.
  func giveBack() {
    Self.idle.withLock { idle in
      if idle.count >= 500, idle[key] == nil {
        for product in idle.values.joined() { onednn_matmul_destroy(product.handle) }
        idle = [:]
      }
      idle[key, default: []].append(self)
    }
  }
}
