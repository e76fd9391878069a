/// Where the rows of each head lie in an operand: no head is ever copied to stand alone.
///
/// The numbers of a row are neighbours.
public struct HeadLayout: Hashable, Sendable {
  /// The first number of the operand, and the distances from one batch, head and row to the next.
  public let first, batch, head, row: Int

  /// A layout of these distances.
  public init(first: Int = 0, batch: Int, head: Int, row: Int) {
    self.first = first
    self.batch = batch
    self.head = head
    self.row = row
  }

  /// Where the rows of a head begin.
  public func start(_ batch: Int, _ head: Int) -> Int {
    first + batch * self.batch + head * self.head
  }
}

/// The sizes of an attention and the places of its operands.
public struct AttentionShape: Hashable, Sendable {
  /// Batches N, heads H, queries T, keys S, features D of queries and keys, and features E of values.
  public var batches, heads, queries, keys, features, valueFeatures: Int
  /// What the products of queries and keys are multiplied by.
  public var scale: Float
  /// Query t sees the keys 0...t only.
  public var isCausal: Bool
  /// Where queries, keys, values and outputs lie.
  public var q, k, v, o: HeadLayout
  /// Where the biases of a head lie, a distance of 0 for those that are shared; not used without a bias.
  public var bias: HeadLayout

  /// An attention of these sizes.
  public init(
    batches: Int, heads: Int, queries: Int, keys: Int, features: Int, valueFeatures: Int, scale: Float,
    isCausal: Bool, q: HeadLayout, k: HeadLayout, v: HeadLayout, o: HeadLayout,
    bias: HeadLayout = HeadLayout(batch: 0, head: 0, row: 0)
  ) {
    (self.batches, self.heads, self.queries, self.keys) = (batches, heads, queries, keys)
    (self.features, self.valueFeatures, self.scale, self.isCausal) = (
      features, valueFeatures, scale, isCausal
    )
    (self.q, self.k, self.v, self.o, self.bias) = (q, k, v, o, bias)
  }

  /// How many keys a query may see.
  func visible(to query: Int) -> Int { isCausal ? min(query + 1, keys) : keys }

  /// How many places of a dropout pattern a query has: S rounded up to whole blocks of the pattern.
  var places: Int { (keys + 31) / 32 * 32 }

  /// Multiplications and additions of the scores and of the sums of values.
  var operations: Int { 2 * batches * heads * queries * keys * (features + valueFeatures) }

  /// The number of a query among all heads and batches.
  func number(_ batch: Int, _ head: Int, _ query: Int) -> Int {
    (batch * heads + head) * queries + query
  }
}

/// Scaled dot product attention (Vaswani et al., "Attention Is All You Need", 2017, §3.2.1).
///
/// For query t and the keys j that it may see: s[j] = scale q[t] . k[j] + bias[t,j], p = softmax(s), o[t] = sum p[j] v[j].
/// With dropout, p[j] is dropped or scaled in the sum by the pattern's answer for the place of (n, h, t, j) in
/// [N, H, T, S], where S is rounded up to a multiple of 32.
///
/// A query that may see nothing, all its scores being -infinity, gives zeros, and has gradients of zero.
public protocol AttentionKernels {
  /// - Parameters:
  ///   - bias: added to the scores, -infinity where a query must not look; empty for none.
  ///   - o: the outputs, written whole.
  ///   - logSums: log sum exp(s) of every query, infinity for one that sees nothing; [N, H, T].
  func attention(
    q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>, dropout: DropoutPattern?,
    into o: inout MutableSpan<Float>, logSums: inout MutableSpan<Float>, _ shape: AttentionShape)

  /// With p[j] = exp(s[j] - log sum) and dp[j] = g . v[j]: ds = p (dp - g . o), dq = scale sum ds[j] k[j],
  /// dk[j] = scale sum over t of ds[j] q[t], dv[j] = sum over t of p[j] g[t].
  ///
  /// Probabilities are computed again: kept, they would be the largest array of a Transformer.
  ///
  /// - Parameters:
  ///   - g: the gradient by o, lying as o does.
  ///   - gradient: receives dq, dk and dv at the places that `places` gives them.
  func attentionGradient(
    _ g: Span<Float>, q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>,
    dropout: DropoutPattern?, o: Span<Float>, logSums: Span<Float>,
    into gradient: inout MutableSpan<Float>, _ places: AttentionGradientPlaces, _ shape: AttentionShape)
}

/// Where the gradients by queries, keys and values go in the one array that holds all three.
public struct AttentionGradientPlaces: Hashable, Sendable {
  let q, k, v: HeadLayout

  /// Gradients at these places; no two overlap.
  public init(q: HeadLayout, k: HeadLayout, v: HeadLayout) {
    (self.q, self.k, self.v) = (q, k, v)
  }
}
