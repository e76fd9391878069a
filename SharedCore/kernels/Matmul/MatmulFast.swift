import COneDNN
import CVector
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
    guard shape.operations >= 4_000 else {
      let (rowOfA, columnOfA) = shape.transposeA ? (1, shape.m) : (shape.k, 1)
      let (rowOfB, columnOfB) = shape.transposeB ? (1, shape.k) : (shape.n, 1)
      return vector_small_product(
        a.address, Int64(rowOfA), Int64(columnOfA), b.address, Int64(rowOfB), Int64(columnOfB), bias.address,
        c.address, Int64(shape.m), Int64(shape.n), Int64(shape.k))
    }
    if shape.transposeA, !shape.transposeB, Self.isLongRow(shape.m) || Self.isLongRow(shape.n), bias.isEmpty,
      shape.operations >= 20_000_000, let a = a.address, let b = b.address, let c = c.address
    {
      return matmulOfLongRows(a, b, into: c, shape)
    }
    let key = PreparedProduct.Key(shape: shape, bias: !bias.isEmpty)
    let status = PreparedProduct.shelf.borrow(key, make: { PreparedProduct(key) }) { product in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          bias.withUnsafeBufferPointer { bias in
            c.withUnsafeMutableBufferPointer { c in
              onednn_matmul_run(product.handle, a.baseAddress, b.baseAddress, bias.baseAddress, c.baseAddress)
            }
          }
        }
      }
    }
    guard let status else { return ReferenceKernels().matmul(a, b, bias: bias, into: &c, shape) }
    require(status == 0, "oneDNN refused a product of \(shape) with status \(status)")
  }
}

/// oneDNN products that are ready to run.
private struct PreparedProduct: @unchecked Sendable {
  struct Key: Hashable {
    let shape: MatmulShape
    let bias: Bool
  }

  static let shelf = Shelf<Key, PreparedProduct> { onednn_matmul_destroy($0.handle) }

  /// Below this a product runs on the calling thread.
  ///
  /// It takes about 100 microseconds there, and waking another thread costs as much whenever a neighbour
  /// uses the core.
  private static let alone = 20_000_000

  let handle: onednn_matmul_t

  init?(_ key: Key) {
    let shape = key.shape
    guard
      let handle = onednn_matmul_create(
        Int64(shape.m), Int64(shape.n), Int64(shape.k), shape.transposeA ? 1 : 0, shape.transposeB ? 1 : 0,
        key.bias ? 1 : 0, shape.operations < Self.alone ? 1 : 0)
    else { return nil }
    self.handle = handle
  }
}
