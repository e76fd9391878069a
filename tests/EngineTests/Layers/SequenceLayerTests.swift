import Testing
import Utils

@testable import Engine

@Suite("Layers of sequences")
struct SequenceLayerTests {
  @Test("name their state as PyTorch does")
  func names() {
    var random = RandomStream(seed: 1)
    let lstm = LSTM(3, 4, layers: 2, bidirectional: true, using: &random)
    #expect(
      lstm.state().map(\.name)
        == ["l0", "l0_reverse", "l1", "l1_reverse"].flatMap { suffix in
          ["weight_ih_", "weight_hh_", "bias_ih_", "bias_hh_"].map { $0 + suffix }
        })
    #expect(GRU(3, 4, bias: false, using: &random).state().map(\.name) == ["weight_ih_l0", "weight_hh_l0"])
    let layer = TransformerEncoderLayer(8, heads: 2, inner: 16, using: &random)
    let names = TransformerEncoder([layer], norm: LayerNorm(8)).state().map(\.name)
    #expect(names.first == "layers.0.self_attn.in_proj_weight" && names.last == "norm.bias")
    #expect(names.contains("layers.0.self_attn.out_proj.bias") && names.count == 14)
    let decoder = TransformerDecoder([TransformerDecoderLayer(8, heads: 2, inner: 16, using: &random)])
    #expect(decoder.state().map(\.name).contains("layers.0.multihead_attn.in_proj_bias"))
  }

  @Test("two directions, time first, empty batches and no steps have PyTorch's shapes")
  func shapes() {
    var random = RandomStream(seed: 1)
    let lstm = LSTM(3, 4, layers: 2, batchFirst: false, bidirectional: true, using: &random)
    for (steps, samples) in [(5, 2), (1, 1), (3, 0)] {
      let (y, state) = lstm(Tensor(repeating: 1, shape: [steps, samples, 3]))
      #expect(y.shape == [steps, samples, 8])
      #expect(state.hidden.shape == [4, samples, 4] && state.cell.shape == [4, samples, 4])
    }
    let (y, state) = GRU(3, 4, using: &random)(Tensor([], shape: [2, 0, 3]))
    #expect(y.shape == [2, 0, 4] && state.elements == Array(repeating: 0, count: 8))
  }

  @Test("a network goes on where its state says")
  func continues() {
    var random = RandomStream(seed: 1)
    let x = Tensor.normal(shape: [2, 6, 3], using: &random)
    let (first, last) = (x.narrowed(along: 1, from: 0, count: 4), x.narrowed(along: 1, from: 4, count: 2))
    let lstm = LSTM(3, 5, layers: 2, using: &random)
    let gru = GRU(3, 5, using: &random)
    let whole = lstm(x)
    let rest = lstm(last, lstm(first).state)
    #expect(
      isClose(rest.output.elements, whole.output.narrowed(along: 1, from: 4, count: 2).elements, 1e-5))
    #expect(isClose(rest.state.cell.elements, whole.state.cell.elements, 1e-5))
    #expect(isClose(gru(last, gru(first).state).state.elements, gru(x).state.elements, 1e-5))
  }

  @Test("nobody looks at padding, nor ahead where causal")
  func padding() {
    var random = RandomStream(seed: 1)
    let attention = MultiheadAttention(8, heads: 2, using: &random)
    let x = Tensor.normal(shape: [1, 4, 8], using: &random)
    let changed = concatenate(
      [x.narrowed(along: 1, from: 0, count: 3), Tensor(repeating: 9, shape: [1, 1, 8])], along: 1)
    let padding = Mask([false, false, false, true], shape: [1, 4])
    func seen(_ y: Tensor) -> [Float] { y.narrowed(along: 1, from: 0, count: 3).elements }
    #expect(isClose(seen(attention(x, padding: padding)), seen(attention(changed, padding: padding)), 1e-6))
    #expect(isClose(seen(attention(x, isCausal: true)), seen(attention(changed, isCausal: true)), 1e-6))
    #expect(!isClose(seen(attention(x)), seen(attention(changed)), 1e-6))
    let (y, weights) = attention.withWeights(query: x, padding: padding)
    #expect(isClose(y.elements, attention(x, padding: padding).elements, 1e-5))
    #expect(weights.shape == [1, 4, 4] && weights.elements[3] == 0)
  }

  @Test("a query looks at other keys and values by two projections or three")
  func crossAttention() {
    var random = RandomStream(seed: 1)
    let attention = MultiheadAttention(8, heads: 2, using: &random)
    let (x, memory) = (
      Tensor.normal(shape: [2, 3, 8], using: &random), Tensor.normal(shape: [2, 5, 8], using: &random)
    )
    let two = attention(query: x, key: memory)
    #expect(isClose(two.elements, attention(query: x, key: memory, value: memory).elements, 1e-6))
    #expect(isClose(attention(x).elements, attention(query: x, key: x).elements, 1e-6))
  }

  @Test("sines and cosines stand where the paper puts them; learnt vectors are added")
  func positions() {
    var random = RandomStream(seed: 1)
    let x = Tensor(repeating: 0, shape: [1, 3, 4])
    let sinusoidal = SinusoidalEncoding(4, length: 8)(x).elements
    #expect(Array(sinusoidal[..<4]) == [0, 1, 0, 1])
    #expect(isClose(Array(sinusoidal[8...]), [0.909_297_4, -0.416_146_84, 0.019_998_67, 0.999_8], 1e-6))
    let learnt = LearnedEncoding(4, length: 8, using: &random)
    #expect(learnt(x).elements == Array(learnt.parameters()[0].parameter.value.elements[..<12]))
    #expect(RotaryEncoding(4, length: 8)(x, from: 5).shape == [1, 3, 4])
  }

  @Test("the padding of an embedding starts at zero, and logits share its weights")
  func embeddings() {
    var random = RandomStream(seed: 1)
    let embedding = Embedding(5, 3, padding: 2, using: &random)
    let vectors = embedding(IndexTensor([2, 4]))
    #expect(vectors.shape == [2, 3] && vectors.elements.prefix(3) == [0, 0, 0])
    #expect(embedding.logits(vectors).shape == [2, 5])
    #expect(
      EmbeddingBag(5, 3, reduction: .max, using: &random)(IndexTensor([1, 2], shape: [1, 2])).shape == [1, 3])
  }
}
