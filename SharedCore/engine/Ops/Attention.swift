import Kernels
import Utils

/// Scaled dot product attention: softmax(scale q kT + bias) v (Vaswani et al., "Attention Is All You Need", 2017, §3.2.1).
///
/// One operation: the scores of a few queries at a time, never all of them. A query that may see nothing gives zeros.
///
/// Derivative, with p the probabilities and o the output: dv = pT g, ds = p (g vT - g . o), dq = scale ds k,
/// dk = scale dsT q; the probabilities are computed again. A bias that is learnt has db = ds, and takes the composed form.
///
/// - Parameters:
///   - q: [..., T, D].
///   - k: [..., S, D].
///   - v: [..., S, E].
///   - mask: yes where a query may look; broadcasts to [..., T, S].
///   - bias: added to the scores; broadcasts to [..., T, S].
///   - isCausal: query t looks at the keys 0...t only; what lies behind is not computed.
///   - dropout: the probability with which a probability is dropped in training.
///   - scale: 1 / sqrt(D) when nil.
/// - Returns: [..., T, E].
public func scaledDotProductAttention(
  _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Mask? = nil, bias: Tensor? = nil, isCausal: Bool = false,
  dropout: Float = 0, scale: Float? = nil
) -> Tensor {
  let rank = q.shape.count
  require(
    rank >= 2 && k.shape.count == rank && v.shape.count == rank
      && Array(k.shape.dropLast(2)) == Array(q.shape.dropLast(2))
      && Array(v.shape.dropLast(2)) == Array(q.shape.dropLast(2))
      && k.shape[rank - 1] == q.shape[rank - 1] && v.shape[rank - 2] == k.shape[rank - 2],
    "scaledDotProductAttention: queries \(q.shape), keys \(k.shape) and values \(v.shape) do not fit")
  if bias?.needsGradient == true {
    return composedAttention(q, k, v, mask, bias, isCausal, dropout, scale).output
  }
  let (queries, keys) = (q.shape[rank - 2], k.shape[rank - 2])
  let (features, valueFeatures) = (q.shape[rank - 1], v.shape[rank - 1])
  let heads = rank == 4 ? q.shape[1] : 1
  func layout(_ rows: Int, _ width: Int) -> HeadLayout {
    HeadLayout(batch: heads * rows * width, head: rows * width, row: width)
  }
  let shape = AttentionShape(
    batches: q.shape.product(of: 0..<rank - 2) / Swift.max(heads, 1), heads: heads, queries: queries,
    keys: keys, features: features, valueFeatures: valueFeatures,
    scale: scale ?? 1 / Float(features).squareRoot(), isCausal: isCausal, q: layout(queries, features),
    k: layout(keys, features), v: layout(keys, valueFeatures), o: layout(queries, valueFeatures))
  let scores = AttentionBias(
    bias, mask, whole: q.shape.replacingLast(with: keys), "scaledDotProductAttention")
  return AttentionOperands(sources: [q, k, v], shape: shape, places: (0, 1, 2)).attention(
    q.shape.replacingLast(with: valueFeatures), bias: scores?.numbers,
    dropout: nextDropoutPattern("scaledDotProductAttention", dropout), layout: scores?.layout)
}

/// Attention of several heads, each with its own columns: head h has the columns h D ..< (h + 1) D.
///
/// As `scaledDotProductAttention`, without taking the heads apart.
///
/// - Parameters:
///   - projections: queries [N, T, H D], keys and values [N, S, H D], side by side where they come of one projection: one
///     tensor [N, T, 3 H D], or queries and [N, S, 2 H D], or three.
///   - heads: H.
///   - mask, bias: broadcast to [N, H, T, S].
/// - Returns: [N, T, H D].
public func multiheadAttention(
  _ projections: [Tensor], heads: Int, mask: Mask? = nil, bias: Tensor? = nil, isCausal: Bool = false,
  dropout: Float = 0, scale: Float? = nil
) -> Tensor {
  let shapes = projections.map(\.shape)
  let parts = [1: [3], 2: [1, 2], 3: [1, 1, 1]][projections.count] ?? []
  require(
    !parts.isEmpty && shapes.allSatisfy { $0.count == 3 && $0[0] == shapes[0][0] }
      && zip(shapes, parts).allSatisfy { $0[2] % $1 == 0 && $0[2] / $1 == shapes[0][2] / parts[0] }
      && (shapes.count < 3 || shapes[1] == shapes[2]) && heads >= 1
      && shapes[0][2] / parts[0] % heads == 0,
    "multiheadAttention: projections \(shapes) do not fit \(heads) heads")
  let (batches, queries, width) = (shapes[0][0], shapes[0][1], shapes[0][2] / parts[0])
  let keys = shapes[shapes.count - 1][1]
  if bias?.needsGradient == true {
    let (q, k, v) = separateHeads(projections, heads)
    let y = composedAttention(q, k, v, mask, bias, isCausal, dropout, scale).output
    return y.transposed(1, 2).reshaped(to: [batches, queries, width])
  }
  let places = [(0, 0, 0), (0, 1, 1), (0, 1, 2)][projections.count - 1]
  let columns = [(0, width, 2 * width), (0, 0, width), (0, 0, 0)][projections.count - 1]
  let features = width / heads
  func layout(_ source: Int, _ column: Int) -> HeadLayout {
    HeadLayout(
      first: column, batch: shapes[source][1] * shapes[source][2], head: features, row: shapes[source][2])
  }
  let shape = AttentionShape(
    batches: batches, heads: heads, queries: queries, keys: keys, features: features,
    valueFeatures: features, scale: scale ?? 1 / Float(features).squareRoot(), isCausal: isCausal,
    q: layout(places.0, columns.0), k: layout(places.1, columns.1), v: layout(places.2, columns.2),
    o: HeadLayout(batch: queries * width, head: features, row: width))
  let scores = AttentionBias(bias, mask, whole: [batches, heads, queries, keys], "multiheadAttention")
  return AttentionOperands(sources: projections, shape: shape, places: places).attention(
    [batches, queries, width], bias: scores?.numbers,
    dropout: nextDropoutPattern("multiheadAttention", dropout), layout: scores?.layout)
}

/// Queries, keys and values of each head, [N, H, T, D], copied out of the columns of projections.
func separateHeads(_ projections: [Tensor], _ heads: Int) -> (q: Tensor, k: Tensor, v: Tensor) {
  let width = projections[0].shape[2] / (projections.count == 1 ? 3 : 1)
  let parts = projections.flatMap {
    $0.split(into: Array(repeating: width, count: $0.shape[2] / Swift.max(width, 1)), along: 2)
  }
  let separate = parts.map {
    $0.reshaped(to: [$0.shape[0], $0.shape[1], heads, width / heads]).transposed(1, 2)
  }
  return (separate[0], separate[1], separate[2])
}

/// The same attention out of the engine's other operations, which keep the probabilities: for who wants to see them, or
/// learns the bias.
///
/// - Returns: the output [..., T, E] and the probabilities, after dropout, [..., T, S].
func composedAttention(
  _ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Mask?, _ bias: Tensor?, _ isCausal: Bool, _ dropout: Float,
  _ scale: Float?
) -> (output: Tensor, weights: Tensor) {
  let (queries, keys) = (q.shape[q.shape.count - 2], k.shape[k.shape.count - 2])
  var scores = matmul(q, k.transposed(-1, -2)) * (scale ?? 1 / Float(q.shape.last ?? 1).squareRoot())
  if let bias { scores = scores + bias }
  if let mask { scores = scores.filled(with: -.infinity, where: !mask) }
  if isCausal { scores = scores.filled(with: -.infinity, where: !.lowerTriangle(queries, keys)) }
  guard keys > 0 else { return (matmul(scores, v), scores) }
  // who sees nothing: any finite scores before the softmax, nothing after it
  let blind = Mask(of: scores.detached().max(over: -1, keepingDimension: true)) { $0 == -.infinity }
  let weights = softmax(scores.filled(with: 0, where: blind)).filled(with: 0, where: blind)
  let kept = Engine.dropout(weights, dropout)
  return (matmul(kept, v), kept)
}
