import Kernels
import Utils

/// A learnt vector for each token of a vocabulary.
///
/// `weight` starts normally distributed with deviation 1, the row of the padding at 0.
public final class Embedding: Module {
  let weight: Parameter
  private let padding: Int?

  /// A table of `count` vectors of `features` numbers.
  ///
  /// - Parameter padding: a token whose vector is never learnt; nil for none.
  public init(_ count: Int, _ features: Int, padding: Int? = nil, using random: inout RandomStream) {
    weight = table(count, features, padding, &random)
    self.padding = padding
  }

  /// The vectors of `tokens` [...], [..., D].
  public func callAsFunction(_ tokens: IndexTensor) -> Tensor {
    embedding(weight.value, tokens, padding: padding)
  }

  /// The product of x [..., D] with every token's vector, [..., V]: an output layer that shares these weights (Press and Wolf,
  /// "Using the Output Embedding to Improve Language Models", 2017).
  public func logits(_ x: Tensor) -> Tensor { linear(x, weight.value) }
}

/// A vector for each bag of tokens, by sum, mean or largest of the tokens' learnt vectors.
///
/// `weight` starts normally distributed with deviation 1, the row of the padding at 0.
public final class EmbeddingBag: Module {
  let weight: Parameter
  private let reduction: BagReduction
  private let padding: Int?

  /// A table of `count` vectors of `features` numbers.
  ///
  /// - Parameter padding: a token that does not count in its bag; nil for none.
  public init(
    _ count: Int, _ features: Int, reduction: BagReduction = .mean, padding: Int? = nil,
    using random: inout RandomStream
  ) {
    weight = table(count, features, padding, &random)
    self.reduction = reduction
    self.padding = padding
  }

  /// The vectors of the bags, [bags, D]: of [N, L] tokens each row, of [n] tokens what begins at each start.
  public func callAsFunction(_ tokens: IndexTensor, starts: [Int]? = nil, weights: Tensor? = nil) -> Tensor {
    embeddingBag(
      weight.value, tokens, starts: starts, reduction: reduction, weights: weights, padding: padding)
  }
}

private func table(
  _ count: Int, _ features: Int, _ padding: Int?, _ random: inout RandomStream
) -> Parameter {
  require(
    padding == nil || (0..<count).contains(padding ?? 0),
    "an embedding of \(count) tokens has no token \(padding ?? 0) for the padding")
  let table = Parameter(.normal(shape: [count, features], using: &random))
  guard let padding else { return table }
  table.update { rows in
    for i in padding * features..<(padding + 1) * features { rows[i] = 0 }
  }
  return table
}
