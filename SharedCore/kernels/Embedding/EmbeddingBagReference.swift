extension EmbeddingBagKernels {
  /// y[bag] = the sum, mean or maximum of weight table[index] over the bag's indices.
  ///
  /// Bag by bag, one row after the other added to the bag's: rows are neighbours in memory, and the bag's own row stays in
  /// the cache. Two operations for each index and column.
  public func embeddingBag(
    _ table: Span<Float>, indices: Span<Int32>, starts: Span<Int32>, weights: Span<Float>, padding: Int32?,
    into y: inout MutableSpan<Float>, chosen: inout MutableSpan<Int32>, _ reduction: BagReduction, width: Int
  ) {
    for bag in 0..<starts.count {
      let (members, result) = (members(of: bag, indices, starts, padding), bag * width)
      for i in result..<result + width { y[i] = 0 }
      if reduction == .max { for i in result..<result + width { chosen[i] = -1 } }
      for (number, j) in members.enumerated() {
        let row = Int(indices[j]) * width
        for i in 0..<width {
          if reduction != .max {
            y[result + i] += (weights.isEmpty ? 1 : weights[j]) * table[row + i]
          } else if number == 0 || table[row + i] > y[result + i] {
            y[result + i] = table[row + i]
            chosen[result + i] = indices[j]
          }
        }
      }
      if reduction == .mean, !members.isEmpty {
        for i in result..<result + width { y[i] /= Float(members.count) }
      }
    }
  }

  /// dtable[index] += weight g[bag], dweight = g[bag] . table[index]; of a maximum only the chosen row gets g.
  ///
  /// The same walk; two operations for each index and column, four where weights have a gradient.
  public func embeddingBagGradient(
    _ g: Span<Float>, table: Span<Float>, indices: Span<Int32>, starts: Span<Int32>, weights: Span<Float>,
    padding: Int32?, chosen: Span<Int32>, dtable: inout MutableSpan<Float>,
    dweights: inout MutableSpan<Float>, _ reduction: BagReduction, width: Int
  ) {
    for j in 0..<dweights.count { dweights[j] = 0 }
    for bag in 0..<starts.count {
      let from = bag * width
      guard reduction != .max else {
        for i in 0..<width where chosen[from + i] >= 0 {
          dtable[Int(chosen[from + i]) * width + i] += g[from + i]
        }
        continue
      }
      let members = members(of: bag, indices, starts, padding)
      for j in members {
        let row = Int(indices[j]) * width
        let factor = reduction == .mean ? 1 / Float(members.count) : weights.isEmpty ? 1 : weights[j]
        for i in 0..<width {
          dtable[row + i] += factor * g[from + i]
          if !dweights.isEmpty { dweights[j] += g[from + i] * table[row + i] }
        }
      }
    }
  }

  /// The places in `indices` that count for a bag.
  private func members(
    of bag: Int, _ indices: Span<Int32>, _ starts: Span<Int32>, _ padding: Int32?
  ) -> [Int] {
    let end = bag + 1 < starts.count ? Int(starts[bag + 1]) : indices.count
    return (Int(starts[bag])..<end).filter { indices[$0] != padding }
  }
}
