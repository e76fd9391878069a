import Kernels

@testable import Engine

/// Recurrent layers, attention, embeddings and positions.
extension OpCase {
  static let sequences: [OpCase] =
    [(2, 3, 4, 5), (1, 1, 2, 1), (3, 4, 1, 2)].flatMap(recurrent) + attentions + lookups

  private static func recurrent(_ n: Int, _ t: Int, _ i: Int, _ h: Int) -> [OpCase] {
    func shapes(_ gates: Int) -> [Shape] {
      [[n, t, i], [gates * h, i], [gates * h, h], [gates * h], [gates * h], [n, h], [n, h]]
    }
    @Sendable func weights(_ x: [Tensor]) -> RecurrentWeights {
      RecurrentWeights(input: x[1], hidden: x[2], inputBias: x[3], hiddenBias: x[4])
    }
    let reversed = SequenceOrder(isReversed: true)
    let timeFirst: Shape = [t, n, i]
    return [
      OpCase("elman", shapes(1), by: [0, 1, 2, 3, 4, 5]) { elman($0[0], weights($0), h0: $0[5]) },
      OpCase("elman backwards, relu", shapes(1), by: [0, 1, 2], .positive) {
        elman($0[0], weights($0), h0: $0[5], activation: .relu, order: reversed)
      },
      OpCase("gru", shapes(3), by: [0, 1, 2, 3, 4, 5]) { gru($0[0], weights($0), h0: $0[5]) },
      OpCase("gru, time first, from zeros", [timeFirst, [3 * h, i], [3 * h, h]]) {
        gru(
          $0[0], RecurrentWeights(input: $0[1], hidden: $0[2]), order: SequenceOrder(isBatchFirst: false))
      },
      OpCase("lstm", shapes(4)) { lstm($0[0], weights($0), h0: $0[5], c0: $0[6]).output },
      OpCase("lstm, its cell alone", shapes(4)) { lstm($0[0], weights($0), h0: $0[5], c0: $0[6]).cell },
      OpCase("lstm backwards, output and cell", shapes(4)) {
        let (y, cell) = lstm($0[0], weights($0), h0: $0[5], c0: $0[6], order: reversed)
        return y.sum(over: 1) + cell
      },
      OpCase("lstm, time first, from zeros", [timeFirst, [4 * h, i], [4 * h, h]]) {
        lstm(
          $0[0], RecurrentWeights(input: $0[1], hidden: $0[2]), order: SequenceOrder(isBatchFirst: false)
        ).output
      },
    ]
  }

  private static let attentions: [OpCase] = [
    OpCase("attention", [[2, 3, 5, 4], [2, 3, 6, 4], [2, 3, 6, 2]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2])
    },
    OpCase("attention, causal, of one", [[1, 3], [1, 3], [1, 3]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true)
    },
    OpCase("attention, causal, more keys", [[2, 3, 4], [2, 5, 4], [2, 5, 4]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true, scale: 0.3)
    },
    OpCase("attention with a mask", [[2, 4, 3], [2, 4, 3], [2, 4, 3]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: .lowerTriangle(4, 4, diagonal: -1))
    },
    OpCase(
      "attention with a constant bias", [[2, 2, 3, 4], [2, 2, 3, 4], [2, 2, 3, 4], [2, 1, 1, 3]],
      by: [0, 1, 2]
    ) {
      scaledDotProductAttention($0[0], $0[1], $0[2], bias: $0[3])
    },
    OpCase("attention with a learnt bias", [[2, 3, 4], [2, 3, 4], [2, 3, 4], [3, 3]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], bias: $0[3], isCausal: true)
    },
    OpCase("attention of an empty batch", [[0, 3, 4], [0, 3, 4], [0, 3, 4]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2])
    },
    OpCase("heads of one projection", [[2, 5, 18]]) { multiheadAttention([$0[0]], heads: 3, isCausal: true) },
    OpCase("heads of two projections", [[2, 3, 4], [2, 5, 8]]) {
      multiheadAttention([$0[0], $0[1]], heads: 2)
    },
    OpCase("heads of three projections", [[1, 3, 4], [1, 5, 4], [1, 5, 4]], by: [0, 2]) {
      multiheadAttention($0, heads: 1, mask: Mask(of: Tensor([1, 0, 1, 1, 0])) { $0 == 1 })
    },
    OpCase("heads with a learnt bias", [[2, 3, 12], [2, 3, 3]]) {
      multiheadAttention([$0[0]], heads: 2, bias: $0[1])
    },
  ]

  private static let lookups: [OpCase] = [
    OpCase("embedding with padding", [[6, 3]]) {
      // the padding's row is learnt nowhere, so it counts as a constant here
      let rest = $0[0].narrowed(along: 0, from: 1, count: 5)
      let table = concatenate([Tensor(repeating: 0.5, shape: [1, 3]), rest], along: 0)
      return embedding(table, IndexTensor([2, 0, 5, 2], shape: [2, 2]), padding: 0)
    },
    OpCase("embedding bag, mean", [[6, 3]]) {
      embeddingBag($0[0], IndexTensor([2, 4, 5, 2], shape: [2, 2]))
    },
    OpCase("embedding bag, weighted", [[6, 3], [5]]) {
      embeddingBag(
        $0[0], IndexTensor([1, 1, 0, 4, 3]), starts: [0, 3, 3], reduction: .sum, weights: $0[1], padding: 4)
    },
    OpCase("embedding bag, largest", [[6, 3]], .distinct) {
      embeddingBag($0[0], IndexTensor([1, 1, 0, 4, 3]), starts: [0, 2, 5], reduction: .max)
    },
    OpCase("rotated", [[2, 3, 4]]) { rotated($0[0], by: RotaryAngles(4, length: 5), from: 2) },
  ]
}
