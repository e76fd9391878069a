import Kernels
import Utils

/// The rows of a table, looked up: a vector for each token.
///
/// Derivative: dtable = g added to the rows that were looked up.
///
/// - Parameters:
///   - table: [V, D].
///   - indices: [...], each below V; traps otherwise.
///   - padding: an index whose row gets no gradient, or nil.
/// - Returns: [..., D].
public func embedding(_ table: Tensor, _ indices: IndexTensor, padding: Int? = nil) -> Tensor {
  require(table.shape.count == 2, "embedding: a table [V, D] is needed, got \(table.shape)")
  indices.checkBelow(table.shape[0], "embedding")
  let view = ReductionShape(table.shape, 0)
  let y = Tensor(shape: Shape(indices.shape + [table.shape[1]])) { y in
    table.withSpan { Kernels.chosen.take($0, at: indices.elements.span, into: &y, view) }
  }
  let shape = table.shape
  return record(y, from: table) { g in
    [
      Tensor(shape: shape) { dtable in
        for i in 0..<dtable.count { dtable[i] = 0 }
        g.withSpan { Kernels.chosen.addTaken($0, at: indices.elements.span, into: &dtable, view) }
        if let padding, padding < shape[0] {
          for i in padding * shape[1]..<(padding + 1) * shape[1] { dtable[i] = 0 }
        }
      }
    ]
  }
}

/// A vector for each bag of tokens: the sum, the mean or the largest of their rows of a table.
///
/// The rows are never written out. A bag of nothing gives zeros.
///
/// Derivative: dtable = g, by the share that a row has in its bag, added to the rows that were looked up; of weights
/// dw[j] = g . table[j].
///
/// - Parameters:
///   - table: [V, D].
///   - indices: the bags' tokens one bag after the other, [n]; or [N, L], each row being a bag.
///   - starts: where each bag begins in [n], ascending from 0; nil for [N, L].
///   - weights: what each token's row is multiplied by, of the shape of `indices`, for sums only; nil for 1.
///   - padding: an index that does not count, or nil.
/// - Returns: [bags, D].
public func embeddingBag(
  _ table: Tensor, _ indices: IndexTensor, starts: [Int]? = nil, reduction: BagReduction = .mean,
  weights: Tensor? = nil, padding: Int? = nil
) -> Tensor {
  require(table.shape.count == 2, "embeddingBag: a table [V, D] is needed, got \(table.shape)")
  require(
    indices.shape.count == (starts == nil ? 2 : 1),
    "embeddingBag: bags are [N, L], or [n] with their starts, got \(indices.shape)")
  require(
    weights == nil || (reduction == .sum && weights?.shape == indices.shape),
    "embeddingBag: weights are for sums and have the shape \(indices.shape) of the indices")
  indices.checkBelow(table.shape[0], "embeddingBag")
  let bags = (starts ?? (0..<indices.shape[0]).map { $0 * indices.shape[1] }).map { Int32($0) }
  require(
    bags.first ?? 0 == 0 && (bags.last ?? 0) <= indices.count && zip(bags, bags.dropFirst()).allSatisfy(<=),
    "embeddingBag: starts ascend from 0 to \(indices.count) at the most, got \(bags)")
  let (shape, width) = (table.shape, table.shape[1])
  let padding = padding.map { Int32($0) }
  var chosen = [Int32](repeating: -1, count: reduction == .max ? bags.count * width : 0)
  let y = Tensor(shape: [bags.count, width]) { y in
    var chosen = chosen.mutableSpan
    withSpans(table, weights) {
      Kernels.chosen.embeddingBag(
        $0, indices: indices.elements.span, starts: bags.span, weights: $1, padding: padding, into: &y,
        chosen: &chosen, reduction, width: width)
    }
  }
  return record(y, from: [table, weights].compactMap { $0 }) { [chosen] g in
    let dweights = Tensor.unwritten(weights?.shape ?? [0])
    let dtable = Tensor(shape: shape) { dtable in
      for i in 0..<dtable.count { dtable[i] = 0 }
      dweights.write { dweights in
        withSpans(g, table, weights) { g, table, weights in
          Kernels.chosen.embeddingBagGradient(
            g, table: table, indices: indices.elements.span, starts: bags.span, weights: weights,
            padding: padding, chosen: chosen.span, dtable: &dtable, dweights: &dweights, reduction,
            width: width)
        }
      }
    }
    return [dtable] + (weights == nil ? [] : [dweights])
  }
}
