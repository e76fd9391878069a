import Kernels
import Testing
import Utils

@testable import Engine

@Suite("Sequences")
struct SequenceOpTests {
  private func random(_ shape: Shape, _ purpose: String) -> Tensor {
    var random = RandomStream(seed: 5, purpose: purpose)
    return .normal(shape: shape, using: &random)
  }

  @Test("fused attention is the composed one, causal, masked and biased, in outputs and gradients")
  func composedAttentions() {
    let inputs = ["q", "k", "v"].map { random([2, 2, 70, 8], $0) }
    let bias = random([2, 1, 70, 70], "bias")
    let mask = Mask(of: random([70, 70], "mask")) { $0 < 1 }
    for (mask, bias, isCausal) in [(nil, nil, false), (mask, nil, true), (mask, bias, false)] {
      let fused = valueAndGradients(at: inputs) {
        scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, bias: bias, isCausal: isCausal)
      }
      let composed = valueAndGradients(at: inputs) {
        composedAttention($0[0], $0[1], $0[2], mask, bias, isCausal, 0, nil).output
      }
      #expect(isClose(fused.value.elements, composed.value.elements, 1e-5))
      for (ours, theirs) in zip(fused.gradients, composed.gradients) {
        #expect(isClose(ours?.elements ?? [], theirs?.elements ?? [], 1e-4))
      }
    }
  }

  @Test("an lstm is its cell, step by step, composed of other operations")
  func composedLSTM() {
    let (n, t, i, h) = (2, 4, 3, 5)
    let inputs = [
      random([n, t, i], "x"), random([4 * h, i], "w"), random([4 * h, h], "u"), random([4 * h], "b"),
      random([4 * h], "c"),
    ]
    let fused = valueAndGradients(at: inputs) {
      lstm(
        $0[0], RecurrentWeights(input: $0[1], hidden: $0[2], inputBias: $0[3], hiddenBias: $0[4])
      ).output
    }
    let composed = valueAndGradients(at: inputs) { x in
      var (state, cell) = (Tensor(repeating: 0, shape: [n, h]), Tensor(repeating: 0, shape: [n, h]))
      var states: [Tensor] = []
      for step in 0..<t {
        let now = x[0].narrowed(along: 1, from: step, count: 1).squeezed(at: 1)
        let gates = (linear(now, x[1], x[3]) + linear(state, x[2], x[4])).split(into: [h, h, h, h], along: 1)
        cell = sigmoid(gates[1]) * cell + sigmoid(gates[0]) * tanh(gates[2])
        state = sigmoid(gates[3]) * tanh(cell)
        states.append(state)
      }
      return stack(states, along: 1)
    }
    #expect(isClose(fused.value.elements, composed.value.elements, 1e-5))
    for (ours, theirs) in zip(fused.gradients, composed.gradients) {
      #expect(isClose(ours?.elements ?? [], theirs?.elements ?? [], 1e-4))
    }
  }

  @Test("a gru is its cell, step by step, composed of other operations")
  func composedGRU() {
    let (n, t, i, h) = (2, 4, 3, 5)
    let inputs = [
      random([n, t, i], "x"), random([3 * h, i], "w"), random([3 * h, h], "u"), random([3 * h], "b"),
      random([3 * h], "c"),
    ]
    let fused = valueAndGradients(at: inputs) {
      gru($0[0], RecurrentWeights(input: $0[1], hidden: $0[2], inputBias: $0[3], hiddenBias: $0[4]))
    }
    let composed = valueAndGradients(at: inputs) { x in
      var state = Tensor(repeating: 0, shape: [n, h])
      var states: [Tensor] = []
      for step in 0..<t {
        let now = x[0].narrowed(along: 1, from: step, count: 1).squeezed(at: 1)
        let a = linear(now, x[1], x[3]).split(into: [h, h, h], along: 1)
        let p = linear(state, x[2], x[4]).split(into: [h, h, h], along: 1)
        let (r, z) = (sigmoid(a[0] + p[0]), sigmoid(a[1] + p[1]))
        state = (1 - z) * tanh(a[2] + r * p[2]) + z * state
        states.append(state)
      }
      return stack(states, along: 1)
    }
    #expect(isClose(fused.value.elements, composed.value.elements, 1e-5))
    for (ours, theirs) in zip(fused.gradients, composed.gradients) {
      #expect(isClose(ours?.elements ?? [], theirs?.elements ?? [], 1e-4))
    }
  }

  @Test("a query that may see nothing gives zeros and gets zeros, as in PyTorch")
  func blindQueries() {
    let inputs = ["q", "k", "v"].map { random([1, 2, 3], $0) }
    let mask = Mask([true, true, false, false], shape: [2, 2])
    for bias in [nil, Tensor([0, 0, 0, -.infinity], shape: [2, 2])] {
      let (y, gradients) = valueAndGradients(at: inputs) {
        scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, bias: bias)
      }
      #expect(y.elements.suffix(3) == [0, 0, 0] && gradients[0]?.elements.suffix(3) == [0, 0, 0])
      #expect(gradients.allSatisfy { $0?.isFinite == true })
    }
    let learnt = valueAndGradients(at: inputs + [Tensor(repeating: 0, shape: [2, 2])]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, bias: $0[3])
    }
    #expect(
      learnt.value.elements.suffix(3) == [0, 0, 0] && learnt.gradients.allSatisfy { $0?.isFinite == true })
    let noKeys = scaledDotProductAttention(
      inputs[0], Tensor([], shape: [1, 0, 3]), Tensor([], shape: [1, 0, 3]))
    #expect(noKeys.elements == [0, 0, 0, 0, 0, 0])
  }

  @Test("dropout in attention drops in training, the same for the same step, and nothing in evaluation")
  func attentionDropout() {
    let x = random([2, 40, 24], "x")
    func run(_ mode: Mode, step: Int) -> [Float] {
      withMode(mode, randomness: Randomness(seed: 1, step: step)) {
        multiheadAttention([x], heads: 2, dropout: 0.5).elements
      }
    }
    let plain = multiheadAttention([x], heads: 2).elements
    #expect(run(.evaluation, step: 1) == plain)
    #expect(run(.training, step: 1) == run(.training, step: 1))
    #expect(run(.training, step: 1) != run(.training, step: 2) && run(.training, step: 1) != plain)
  }

  @Test("an empty bag is zeros, and a bag leaves its padding out")
  func bags() {
    let table = Tensor([0, 0, 1, 10, 2, 20, 4, 40], shape: [4, 2])
    let bags = IndexTensor([1, 3, 0, 2])
    func bag(_ reduction: BagReduction, padding: Int? = nil) -> [Float] {
      embeddingBag(table, bags, starts: [0, 2, 2], reduction: reduction, padding: padding).elements
    }
    #expect(bag(.sum) == [5, 50, 0, 0, 2, 20] && bag(.mean) == [2.5, 25, 0, 0, 1, 10])
    #expect(bag(.max) == [4, 40, 0, 0, 2, 20] && bag(.mean, padding: 3) == [1, 10, 0, 0, 1, 10])
    let padded = valueAndGradients(at: [table]) { embedding($0[0], IndexTensor([1, 3, 1]), padding: 1) }
    #expect(padded.gradients[0]?.elements == [0, 0, 0, 0, 0, 0, 1, 1])
  }

  @Test("what is turned keeps its length, and products know the distance of places only")
  func rotary() {
    let angles = RotaryAngles(6, length: 12)
    let (q, k) = (random([1, 6], "q"), random([1, 6], "k"))
    func product(_ a: Int, _ b: Int) -> Float {
      (rotated(q, by: angles, from: a) * rotated(k, by: angles, from: b)).sum().scalar
    }
    #expect(rotated(q, by: angles).elements == q.elements)
    #expect(Swift.abs(square(rotated(q, by: angles, from: 7)).sum().scalar - square(q).sum().scalar) < 1e-4)
    #expect(
      Swift.abs(product(3, 1) - product(9, 7)) < 1e-4 && Swift.abs(product(3, 1) - product(3, 2)) > 1e-4)
  }

  @Test("a mistake traps with the shapes")
  func traps() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = multiheadAttention([Tensor(repeating: 0, shape: [1, 2, 7])], heads: 2)
    }
    #expect(message(heads).contains("multiheadAttention: projections [[1, 2, 7]] do not fit 2 heads"))
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let zeros = { Tensor(repeating: 0, shape: $0) }
      _ = lstm(zeros([1, 2, 3]), RecurrentWeights(input: zeros([8, 3]), hidden: zeros([8, 3])))
    }
    #expect(message(weights).contains("lstm: input [1, 2, 3] and weights [8, 3], [8, 3] do not fit"))
  }
}
