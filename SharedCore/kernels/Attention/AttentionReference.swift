import Foundation

/// Query by query: its scores, their softmax, the weighted sum of values. N H T S (2 D + 2 E) operations, half of them
/// where the attention is causal, and no array of probabilities longer than one row.
extension AttentionKernels {
  /// o = sum over j of p[j] v[j], with p = softmax over j of scale q . k[j] + bias[j].
  ///
  /// Each query's row of scores at once; nothing is kept of it but the logarithm of its sum. Keys and values of a head
  /// are read again for each query, so the heads are outside and the queries inside: they stay in the cache.
  public func attention(
    q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>, dropout: DropoutPattern?,
    into o: inout MutableSpan<Float>, logSums: inout MutableSpan<Float>, _ shape: AttentionShape
  ) {
    for n in 0..<shape.batches {
      for h in 0..<shape.heads {
        for t in 0..<shape.queries {
          let scores = scores(n, h, t, q, k, bias, shape)
          let largest = scores.max() ?? -.infinity
          let sum = scores.reduce(0) { $0 + exp($1 - largest) }
          let number = shape.number(n, h, t)
          logSums[number] = largest == -.infinity ? .infinity : largest + log(sum)
          let (output, values) = (shape.o.start(n, h) + t * shape.o.row, shape.v.start(n, h))
          for e in 0..<shape.valueFeatures { o[output + e] = 0 }
          for (j, s) in scores.enumerated() {
            let p = exp(s - logSums[number]) * kept(number * shape.places + j, dropout)
            for e in 0..<shape.valueFeatures { o[output + e] += p * v[values + j * shape.v.row + e] }
          }
        }
      }
    }
  }

  /// dv += p g, ds = p (g . v - g . o), dq += scale ds k, dk += scale ds q, for every query and key.
  ///
  /// Each query adds its part to the gradients of the keys and values that it saw. The probabilities are computed again:
  /// N H T S (6 D + 4 E) operations, for which no array [T, S] is kept.
  public func attentionGradient(
    _ g: Span<Float>, q: Span<Float>, k: Span<Float>, v: Span<Float>, bias: Span<Float>,
    dropout: DropoutPattern?, o: Span<Float>, logSums: Span<Float>,
    into gradient: inout MutableSpan<Float>, _ places: AttentionGradientPlaces, _ shape: AttentionShape
  ) {
    for i in 0..<gradient.count { gradient[i] = 0 }
    for n in 0..<shape.batches {
      for h in 0..<shape.heads {
        for t in 0..<shape.queries {
          let (output, number) = (shape.o.start(n, h) + t * shape.o.row, shape.number(n, h, t))
          var product: Float = 0  // g . o
          for e in 0..<shape.valueFeatures { product += g[output + e] * o[output + e] }
          for (j, s) in scores(n, h, t, q, k, bias, shape).enumerated() {
            let p = exp(s - logSums[number])
            let keep = kept(number * shape.places + j, dropout)
            let (value, dv) = (shape.v.start(n, h) + j * shape.v.row, places.v.start(n, h) + j * places.v.row)
            var dp: Float = 0
            for e in 0..<shape.valueFeatures {
              dp += g[output + e] * v[value + e]
              gradient[dv + e] += p * keep * g[output + e]
            }
            let ds = shape.scale * p * (dp * keep - product)
            let (query, dq) = (shape.q.start(n, h) + t * shape.q.row, places.q.start(n, h) + t * places.q.row)
            let (key, dk) = (shape.k.start(n, h) + j * shape.k.row, places.k.start(n, h) + j * places.k.row)
            for d in 0..<shape.features {
              gradient[dq + d] += ds * k[key + d]
              gradient[dk + d] += ds * q[query + d]
            }
          }
        }
      }
    }
  }

  /// The scores of a query for the keys that it may see.
  private func scores(
    _ n: Int, _ h: Int, _ t: Int, _ q: Span<Float>, _ k: Span<Float>, _ bias: Span<Float>,
    _ shape: AttentionShape
  ) -> [Float] {
    let (query, keys) = (shape.q.start(n, h) + t * shape.q.row, shape.k.start(n, h))
    let biases = shape.bias.start(n, h) + t * shape.bias.row
    return (0..<shape.visible(to: t)).map { j in
      var dot: Float = 0
      for d in 0..<shape.features { dot += q[query + d] * k[keys + j * shape.k.row + d] }
      return shape.scale * dot + (bias.isEmpty ? 0 : bias[biases + j])
    }
  }

  /// What dropout makes of 1 at a place.
  private func kept(_ place: Int, _ dropout: DropoutPattern?) -> Float {
    dropout.map { $0.keeps(place) ? $0.scale : 0 } ?? 1
  }
}
