import Kernels
import Utils

/// Queries, keys and values of an attention where they lie: in one tensor, in two or in three.
///
/// Whoever projects x to all three by one product has them side by side in its columns; no copy takes them apart, and the
/// gradient comes back as one tensor too.
struct AttentionOperands {
  /// The tensors, each of which is made of operands only.
  let sources: [Tensor]
  /// The sizes and, for each operand, the layout within its tensor.
  let shape: AttentionShape
  /// The numbers of the tensors that queries, keys and values lie in.
  let places: (q: Int, k: Int, v: Int)

  /// Softmax(scale q kT + bias) v as one operation, of the result's shape `resultShape`.
  ///
  /// - Parameter bias: numbers added to the scores, which have no gradient; nil for none.
  func attention(_ resultShape: Shape, bias: Tensor?, dropout: DropoutPattern?, layout: HeadLayout?) -> Tensor
  {
    var shape = shape
    if let layout { shape.bias = layout }
    let (kernelShape, places, sources) = (shape, places, sources)
    let logSums = Tensor.unwritten([shape.batches, shape.heads, shape.queries])
    let o = Tensor(shape: resultShape) { o in
      logSums.write { logSums in
        withSpans(sources[places.q], sources[places.k], sources[places.v], bias, nil) { q, k, v, bias, _ in
          Kernels.chosen.attention(
            q: q, k: k, v: v, bias: bias, dropout: dropout, into: &o, logSums: &logSums, kernelShape)
        }
      }
    }
    return record(o, from: sources) { g in
      var starts: [Int] = []
      var end = 0
      for source in sources {
        starts.append(end)
        end += (source.count + 15) / 16 * 16  // every gradient begins at a cache line
      }
      let all = Tensor.unwritten([end])
      let destinations = AttentionGradientPlaces(
        q: shape.q.moved(by: starts[places.q]), k: shape.k.moved(by: starts[places.k]),
        v: shape.v.moved(by: starts[places.v]))
      all.write { gradient in
        withSpans(sources[places.q], sources[places.k], sources[places.v], g, bias) { q, k, v, g, bias in
          withSpans(o, logSums) { o, logSums in
            Kernels.chosen.attentionGradient(
              g, q: q, k: k, v: v, bias: bias, dropout: dropout, o: o, logSums: logSums, into: &gradient,
              destinations, kernelShape)
          }
        }
      }
      return zip(sources, starts).map { source, start in
        source.needsGradient ? Tensor(shape: source.shape, storage: all.storage, offset: start) : nil
      }
    }
  }
}

extension HeadLayout {
  /// The same layout further on.
  fileprivate func moved(by distance: Int) -> HeadLayout {
    HeadLayout(first: first + distance, batch: batch, head: head, row: row)
  }
}

/// What is added to the scores, and how it is spread over batches, heads and queries.
struct AttentionBias {
  let numbers: Tensor
  let layout: HeadLayout

  /// The sum of a bias and a mask, both of which broadcast to `whole`, the shape of all scores; nil for neither.
  init?(_ bias: Tensor?, _ mask: Mask?, whole: Shape, _ op: String) {
    guard var numbers = bias?.detached() ?? mask?.additive else { return nil }
    if bias != nil, let mask { numbers = combine(.add, numbers, mask.additive) }
    let missing = whole.count - numbers.shape.count
    require(
      missing >= 0
        && numbers.shape.indices.allSatisfy {
          numbers.shape[$0] == whole[missing + $0] || numbers.shape[$0] == 1
        },
      "\(op): mask or bias \(numbers.shape) does not broadcast to the scores \(whole)")
    var sizes = Array(repeating: 1, count: missing) + Array(numbers.shape)
    sizes[sizes.count - 1] = whole[whole.count - 1]
    let leading = whole.count - 2
    if leading > 2 { sizes.replaceSubrange(..<leading, with: whole[..<leading]) }
    numbers = numbers.expanded(to: Shape(sizes))
    // [..., T, S] seen as [N, H, T, S]
    let (keys, queries) = (sizes[leading + 1], sizes[leading])
    let heads = leading == 2 ? sizes[1] : 1
    let batches = sizes[..<leading].reduce(1, *) / Swift.max(heads, 1)
    self.numbers = numbers
    layout = HeadLayout(
      batch: batches == 1 ? 0 : heads * queries * keys, head: heads == 1 ? 0 : queries * keys,
      row: queries == 1 ? 0 : keys)
  }
}

extension Mask {
  /// 0 for yes and -infinity for no.
  fileprivate var additive: Tensor {
    Tensor(shape: shape) { y in
      flags.withSpan { flags in for i in 0..<y.count { y[i] = flags[i] == 0 ? -.infinity : 0 } }
    }
  }
}
