/// How the vectors of a bag become one.
public enum BagReduction: String, CaseIterable, Sendable {
  case sum, mean, max
}

/// Rows of a table, looked up and reduced bag by bag, so that the rows themselves are never written out.
///
/// Bag b holds the indices from `starts[b]` up to `starts[b + 1]`, or to the end; an index that is `padding` does not
/// count. An empty bag gives zeros. Who calls has made sure that every index is a row of the table and that the starts
/// ascend within the indices.
public protocol EmbeddingBagKernels {
  /// y[b] = the reduction of table[indices[j]] over the bag's j, each times `weights[j]` where there are any.
  ///
  /// - Parameters:
  ///   - table: [V, D].
  ///   - weights: a number for each index, or empty; with `.sum` only.
  ///   - y: [bags, D].
  ///   - chosen: for `.max` the row that each y came from, -1 where the bag is empty; [bags, D]. Else empty.
  func embeddingBag(
    _ table: Span<Float>, indices: Span<Int32>, starts: Span<Int32>, weights: Span<Float>, padding: Int32?,
    into y: inout MutableSpan<Float>, chosen: inout MutableSpan<Int32>, _ reduction: BagReduction, width: Int)

  /// Adds g to the rows that were looked up, as the reduction took them; dweights[j] = g[b] . table[indices[j]].
  ///
  /// - Parameters:
  ///   - dtable: [V, D], zero before.
  ///   - dweights: a number for each index, or empty where there are no weights.
  func embeddingBagGradient(
    _ g: Span<Float>, table: Span<Float>, indices: Span<Int32>, starts: Span<Int32>, weights: Span<Float>,
    padding: Int32?, chosen: Span<Int32>, dtable: inout MutableSpan<Float>,
    dweights: inout MutableSpan<Float>, _ reduction: BagReduction, width: Int)
}
