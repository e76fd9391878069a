import Utils

/// Attention of several heads between projections: each head looks for something of its own.
///
/// Vaswani et al., "Attention Is All You Need", 2017, §3.2.2. State names and layouts are PyTorch's: the three projections
/// are the rows of `in_proj_weight` one after the other. They start uniform as Glorot and Bengio (2010) have it, biases at
/// 0. Sequences lie as [N, T, E].
public final class MultiheadAttention: Module {
  let in_proj_weight: Parameter
  let in_proj_bias: Parameter?
  let out_proj: Linear
  private let features, heads: Int
  private let dropout: Float

  /// A layer of `heads` heads for `features` features, which the heads share among them; traps when they do not divide.
  ///
  /// - Parameter dropout: the probability with which a probability of attention is dropped in training.
  public init(
    _ features: Int, heads: Int, dropout: Float = 0, bias: Bool = true, using random: inout RandomStream
  ) {
    require(
      heads >= 1 && features >= 1 && features % heads == 0,
      "MultiheadAttention: \(features) features do not make \(heads) heads")
    let bound = (6 / Double(4 * features)).squareRoot()
    in_proj_weight = Parameter(.uniform(-bound..<bound, shape: [3 * features, features], using: &random))
    in_proj_bias = bias ? Parameter(Tensor(repeating: 0, shape: [3 * features])) : nil
    out_proj = Linear(features, features, bias: bias, using: &random)
    if bias { out_proj.bias?.set(Tensor(repeating: 0, shape: [features])) }
    self.features = features
    self.heads = heads
    self.dropout = dropout
  }

  /// Each place of x looks at all places of x.
  ///
  /// - Parameters:
  ///   - x: [N, T, E].
  ///   - mask: yes where a query may look; broadcasts to [N, H, T, T].
  ///   - padding: [N, T], yes where a place is padding, at which nobody looks.
  ///   - isCausal: place t looks at the places 0...t only.
  /// - Returns: [N, T, E].
  public func callAsFunction(
    _ x: Tensor, mask: Mask? = nil, padding: Mask? = nil, isCausal: Bool = false
  ) -> Tensor {
    self(query: x, key: nil, value: nil, mask: mask, padding: padding, isCausal: isCausal)
  }

  /// Each place of `query` looks at the places of `key`, and gets of `value` what is there.
  ///
  /// - Parameters:
  ///   - query: [N, T, E].
  ///   - key: [N, S, E]; nil for the query itself.
  ///   - value: [N, S, E]; nil for the key.
  ///   - mask: yes where a query may look; broadcasts to [N, H, T, S].
  ///   - padding: [N, S], yes where a key is padding, at which nobody looks.
  ///   - isCausal: query t looks at the keys 0...t only.
  /// - Returns: [N, T, E].
  public func callAsFunction(
    query: Tensor, key: Tensor?, value: Tensor? = nil, mask: Mask? = nil, padding: Mask? = nil,
    isCausal: Bool = false
  ) -> Tensor {
    let projections = projections(query, key, value)
    return out_proj(
      multiheadAttention(
        projections, heads: heads, mask: joined(mask, padding), isCausal: isCausal, dropout: dropout))
  }

  /// As the call, and the probabilities, averaged over the heads: [N, T, E] and [N, T, S].
  public func withWeights(
    query: Tensor, key: Tensor? = nil, value: Tensor? = nil, mask: Mask? = nil, padding: Mask? = nil,
    isCausal: Bool = false
  ) -> (output: Tensor, weights: Tensor) {
    let (q, k, v) = separateHeads(projections(query, key, value), heads)
    let (y, weights) = composedAttention(q, k, v, joined(mask, padding), nil, isCausal, dropout, nil)
    return (out_proj(y.transposed(1, 2).reshaped(to: query.shape)), weights.mean(over: 1))
  }

  /// One product where query, key and value are one, two where key and value are, else three.
  private func projections(_ query: Tensor, _ key: Tensor?, _ value: Tensor?) -> [Tensor] {
    require(
      [query, key, value].allSatisfy { $0 == nil || ($0?.shape.count == 3 && $0?.shape.last == features) },
      "MultiheadAttention: sequences are [N, T, \(features)], got \(query.shape)")
    let (weight, bias) = (in_proj_weight.value, in_proj_bias?.value)
    guard key != nil || value != nil else { return [linear(query, weight, bias)] }
    func part(_ first: Int, _ count: Int, _ x: Tensor) -> Tensor {
      linear(
        x, weight.narrowed(along: 0, from: first * features, count: count * features),
        bias?.narrowed(along: 0, from: first * features, count: count * features))
    }
    guard let value else { return [part(0, 1, query), part(1, 2, key ?? query)] }
    return [part(0, 1, query), part(1, 1, key ?? query), part(2, 1, value)]
  }

  /// Yes where the mask says yes and the key is not padding.
  private func joined(_ mask: Mask?, _ padding: Mask?) -> Mask? {
    guard let padding else { return mask }
    require(
      padding.shape.count == 2, "MultiheadAttention: the padding is [N, S], got \(padding.shape)")
    let keys = (!padding).inserting(dimensions: [1, 1], at: 1)
    return mask.map { $0 && keys } ?? keys
  }
}

extension Mask {
  /// Yes where both say yes; they broadcast against each other.
  static func && (a: Mask, b: Mask) -> Mask { Mask(of: combine(.multiply, a.flags, b.flags)) { $0 == 1 } }

  /// The same answers in a shape with more dimensions of size 1 at a place.
  func inserting(dimensions: [Int], at place: Int) -> Mask {
    Mask(of: flags.reshaped(to: Shape(shape.prefix(place) + dimensions + shape.dropFirst(place)))) { $0 == 1 }
  }
}
