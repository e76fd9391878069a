import Testing

@testable import Kernels

@Suite("Attention: fast equals reference")
struct AttentionTests {
  /// Odd sizes, more queries than keys and fewer, more than one block of queries, one of each, and nothing.
  static let sizes = [
    (n: 2, h: 3, t: 5, s: 7, d: 4, e: 6), (n: 1, h: 2, t: 9, s: 4, d: 3, e: 3),
    (n: 1, h: 1, t: 150, s: 150, d: 9, e: 9), (n: 1, h: 2, t: 70, s: 131, d: 5, e: 8),
    (n: 1, h: 1, t: 1, s: 1, d: 1, e: 1), (n: 0, h: 2, t: 3, s: 3, d: 2, e: 2),
    (n: 1, h: 1, t: 3, s: 0, d: 2, e: 2), (n: 1, h: 1, t: 0, s: 3, d: 2, e: 2),
  ]

  @Test("with and without causality, bias and dropout", arguments: 0..<sizes.count, 0..<8)
  func attention(size: Int, choice: Int) {
    let (n, h, t, s, d, e) = Self.sizes[size]
    var numbers = Numbers()
    let (isCausal, hasBias, drops) = (choice & 1 == 1, choice & 2 == 2, choice & 4 == 4)
    let (q, k, v) = (
      numbers.normal(n * t * h * d), numbers.normal(n * s * h * d), numbers.normal(n * s * h * e)
    )
    let g = numbers.normal(n * t * h * e)
    // one row of biases for all heads; every fifth key is hidden, and from the last query all of them
    var bias = hasBias ? numbers.normal(n * t * s) : []
    for i in bias.indices where i % 5 == 3 || i / max(s, 1) % t == t - 1 { bias[i] = -.infinity }
    let pattern = drops ? DropoutPattern(key: 17, probability: 0.3) : nil
    func layout(_ rows: Int, _ width: Int) -> HeadLayout {
      HeadLayout(batch: rows * h * width, head: width, row: h * width)
    }
    let shape = AttentionShape(
      batches: n, heads: h, queries: t, keys: s, features: d, valueFeatures: e, scale: 0.7,
      isCausal: isCausal,
      q: layout(t, d), k: layout(s, d), v: layout(s, e), o: layout(t, e),
      bias: HeadLayout(batch: t * s, head: 0, row: s))
    func forward(_ kernels: some KernelSet) -> (o: [Float], logSums: [Float]) {
      var logSums: [Float] = []
      let o = written(g.count) { o in
        logSums = written(n * h * t) {
          kernels.attention(
            q: q.span, k: k.span, v: v.span, bias: bias.span, dropout: pattern, into: &o, logSums: &$0, shape)
        }
      }
      return (o, logSums)
    }
    let (o, logSums) = forward(reference)
    expectEqual(forward(fast).o, o, "output")
    expectEqual(forward(fast).logSums, logSums, "logarithms")
    if hasBias, t > 0, !o.isEmpty { #expect(o.suffix(h * e).allSatisfy { $0 == 0 }, "a query sees nothing") }
    let places = AttentionGradientPlaces(
      q: layout(t, d),
      k: HeadLayout(first: q.count, batch: s * h * d, head: d, row: h * d),
      v: HeadLayout(first: q.count + k.count, batch: s * h * e, head: e, row: h * e))
    func backward(_ kernels: some KernelSet) -> [Float] {
      written(q.count + k.count + v.count) {
        kernels.attentionGradient(
          g.span, q: q.span, k: k.span, v: v.span, bias: bias.span, dropout: pattern, o: o.span,
          logSums: logSums.span, into: &$0, places, shape)
      }
    }
    expectEqual(backward(fast), backward(reference), "gradients", tolerance: 1e-4)
  }
}
