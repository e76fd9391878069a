import CVector
import Utils

/// Heads on as many threads as there are; in a head, blocks of queries over the keys that any of them sees: products by
/// oneDNN where the rows lie, softmax by CVector while the block is in the cache.
///
/// The backward pass computes the scores again: a product in seven, against writing and reading every probability.
extension FastKernels {
  /// Scores, softmax and sum of values, block by block.
  public func attention(
    q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>, dropout: DropoutPattern?,
    into o: inout MutableSpan<Float>, logSums: inout MutableSpan<Float>, _ shape: AttentionShape
  ) {
    guard shape.keys > 0, let q = q.address, let k = k.address, let v = v.address, let o = o.address,
      let logSums = logSums.address
    else {
      for i in 0..<o.count { o[i] = 0 }
      for i in 0..<logSums.count { logSums[i] = .infinity }
      return
    }
    let pattern = dropout.map(vector_dropout_pattern.init)
    let memory = Unchecked((q, k, v, bias.address, o, logSums))
    inParallel(shape.batches * shape.heads, work: shape.operations) { number in
      let (q, k, v, bias, o, logSums) = memory.value
      let (n, h) = (number / shape.heads, number % shape.heads)
      let (keys, values) = (k + shape.k.start(n, h), v + shape.v.start(n, h))
      MemoryPool.withScratch(AttentionBlock.most * shape.keys) { scratch in
        guard let scores = scratch.baseAddress else { return }
        for block in AttentionBlock.all(of: shape) {
          let (t, rows, seen) = (block.first, block.rows, block.keys)
          matmul(
            MatrixPiece(q + shape.q.start(n, h) + t * shape.q.row, row: shape.q.row),
            MatrixPiece(keys, row: shape.k.row), into: scores, row: seen,
            MatmulShape(m: rows, n: seen, k: shape.features, transposeB: true), alpha: shape.scale)
          block.withSettings(n, h, bias, pattern, shape) {
            vector_attention_probabilities($0, scores, logSums + shape.number(n, h, t))
          }
          matmul(
            MatrixPiece(scores, row: seen), MatrixPiece(values, row: shape.v.row),
            into: o + shape.o.start(n, h) + t * shape.o.row, row: shape.o.row,
            MatmulShape(m: rows, n: shape.valueFeatures, k: seen))
        }
      }
    }
  }

  /// The last block first: it sees every key that any block sees, and so begins the sums that the others add to.
  public func attentionGradient(
    _ g: Span<Float>, q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>,
    dropout: DropoutPattern?, o: Span<Float>, logSums: Span<Float>,
    into gradient: inout MutableSpan<Float>, _ places: AttentionGradientPlaces, _ shape: AttentionShape
  ) {
    guard shape.keys > 0, shape.queries > 0, let g = g.address, let q = q.address, let k = k.address,
      let v = v.address, let o = o.address, let logSums = logSums.address, let gradient = gradient.address
    else {
      for i in 0..<gradient.count { gradient[i] = 0 }
      return
    }
    let pattern = dropout.map(vector_dropout_pattern.init)
    let memory = Unchecked((g, q, k, v, bias.address, o, logSums, gradient))
    inParallel(shape.batches * shape.heads, work: shape.operations) { number in
      let (g, q, k, v, bias, o, logSums, gradient) = memory.value
      let (n, h) = (number / shape.heads, number % shape.heads)
      let (keys, values) = (k + shape.k.start(n, h), v + shape.v.start(n, h))
      let (dk, dv) = (gradient + places.k.start(n, h), gradient + places.v.start(n, h))
      MemoryPool.withScratch(2 * AttentionBlock.most * shape.keys) { scratch in
        guard let p = scratch.baseAddress else { return }
        let ds = p + AttentionBlock.most * shape.keys
        let blocks = AttentionBlock.all(of: shape)
        let everSeen = blocks.last?.keys ?? 0
        for j in everSeen..<shape.keys {
          (dk + j * places.k.row).update(repeating: 0, count: shape.features)
          (dv + j * places.v.row).update(repeating: 0, count: shape.valueFeatures)
        }
        for block in blocks.reversed() {
          let (t, rows, seen) = (block.first, block.rows, block.keys)
          let beta: Float = t == blocks.last?.first ? 0 : 1
          let queries = MatrixPiece(q + shape.q.start(n, h) + t * shape.q.row, row: shape.q.row)
          let output = shape.o.start(n, h) + t * shape.o.row
          let upstream = MatrixPiece(g + output, row: shape.o.row)
          matmul(
            queries, MatrixPiece(keys, row: shape.k.row), into: p, row: seen,
            MatmulShape(m: rows, n: seen, k: shape.features, transposeB: true), alpha: shape.scale)
          matmul(
            upstream, MatrixPiece(values, row: shape.v.row), into: ds, row: seen,
            MatmulShape(m: rows, n: seen, k: shape.valueFeatures, transposeB: true))
          block.withSettings(n, h, bias, pattern, shape) {
            vector_attention_gradient(
              $0, p, ds, logSums + shape.number(n, h, t), g + output, o + output, Int64(shape.o.row),
              Int64(shape.valueFeatures), shape.scale)
          }
          matmul(
            MatrixPiece(p, row: seen), upstream, into: dv, row: places.v.row,
            MatmulShape(m: seen, n: shape.valueFeatures, k: rows, transposeA: true), beta: beta)
          matmul(
            MatrixPiece(ds, row: seen), queries, into: dk, row: places.k.row,
            MatmulShape(m: seen, n: shape.features, k: rows, transposeA: true), beta: beta)
          matmul(
            MatrixPiece(ds, row: seen), MatrixPiece(keys, row: shape.k.row),
            into: gradient + places.q.start(n, h) + t * places.q.row, row: places.q.row,
            MatmulShape(m: rows, n: shape.features, k: seen))
        }
      }
    }
  }
}

/// Some neighbouring queries of a head, and the keys from 0 on that any of them sees.
private struct AttentionBlock {
  /// How many queries a block has: enough for the products, few enough that its scores stay in the cache and that a causal
  /// attention computes little above its diagonal.
  static let most = 64

  let first, rows, keys: Int

  /// The blocks of a head; none without keys.
  static func all(of shape: AttentionShape) -> [AttentionBlock] {
    stride(from: 0, to: shape.queries, by: most).map { first in
      let rows = min(most, shape.queries - first)
      return AttentionBlock(first: first, rows: rows, keys: shape.visible(to: first + rows - 1))
    }
  }

  /// What CVector is told of the block.
  func withSettings(
    _ n: Int, _ h: Int, _ bias: UnsafePointer<Float>?, _ pattern: vector_dropout_pattern?,
    _ shape: AttentionShape, _ body: (UnsafePointer<vector_attention_block>) -> Void
  ) {
    func call(_ pattern: UnsafePointer<vector_dropout_pattern>?) {
      var settings = vector_attention_block(
        rows: Int64(rows), keys: Int64(keys), is_causal: shape.isCausal ? 1 : 0,
        first_visible: Int64(first + 1),
        bias: bias.map { $0 + shape.bias.start(n, h) + first * shape.bias.row },
        row_of_bias: Int64(shape.bias.row), dropout: pattern,
        first_place: Int64(shape.number(n, h, first) * shape.places), places_of_row: Int64(shape.places))
      body(&settings)
    }
    guard let pattern else { return call(nil) }
    withUnsafePointer(to: pattern) { call($0) }
  }
}

extension vector_dropout_pattern {
  fileprivate init(_ pattern: DropoutPattern) {
    self.init(
      first: pattern.first, second: pattern.second, threshold: pattern.threshold, scale: pattern.scale)
  }
}
