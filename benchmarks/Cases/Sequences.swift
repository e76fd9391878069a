import Engine
import Utils

extension BenchCase {
  /// 64 steps of 256 features through 256 units, the next of 65 characters from each.
  static let lstm = recurrent("lstm", gates: 4) { random in
    let lstm = LSTM(256, 256, using: &random)
    return (lstm, { lstm($0).output })
  }

  /// The same with gated recurrent units.
  static let gru = recurrent("gru", gates: 3) { random in
    let gru = GRU(256, 256, using: &random)
    return (gru, { gru($0).output })
  }

  private static func recurrent(
    _ name: String, gates: Double,
    _ layer: @escaping @Sendable (inout RandomStream) -> (any Module, (Tensor) -> Tensor)
  ) -> BenchCase {
    let (batch, steps) = (32, 64)
    let rows = Double(batch * steps)
    // inputs: forward and the weights' gradient, data have none; states: all three products, the first step's is zero
    let inputs = 2 * 2 * rows * 256 * 256 * gates
    let states = 3 * 2 * (rows - Double(batch)) * 256 * 256 * gates
    let outputs = 3 * 2 * rows * 256 * 65
    return BenchCase(name: name, batch: batch, operations: inputs + states + outputs) { random in
      let network = Reader(layer(&random), using: &random)
      let x = Tensor.normal(shape: [batch, steps, 256], using: &random)
      let labels = labels(batch * steps, below: 65, using: &random)
      return training(adam(network.parameters())) { crossEntropy(network(x), labels) }
    }
  }

  /// A GPT of six blocks, 384 features and six heads on 256 characters.
  static let gpt = transformer("gpt", dropout: 0)

  /// The same, dropping a fifth in attention and branches.
  static let gptDrop = transformer("gpt_drop", dropout: 0.2)

  private static func transformer(_ name: String, dropout: Float) -> BenchCase {
    let (batch, length, features, layers) = (8, 256, 384, 6)
    let tokens = Double(batch * length)
    let products = 3 * 2 * tokens * Double(features) * Double(12 * features * layers + 65)
    // six products of queries, keys and values, of which a causal attention needs half and the diagonal
    let attention = 6 * 2 * tokens * Double(length + 1) / 2 * Double(features * layers)
    @Sendable func prepare(
      _ random: inout RandomStream, batch: Int, length: Int, layers: Int
    ) -> () -> Float {
      let network = GPT(65, features, heads: 6, layers: layers, length: length, dropout, using: &random)
      let text = IndexTensor(
        labels(batch * length, below: 65, using: &random).elements, shape: [batch, length])
      let next = labels(batch * length, below: 65, using: &random)
      return training(adamW(network.parameters())) { crossEntropy(network(text), next) }
    }
    return BenchCase(
      name: name, batch: batch, operations: products + attention,
      check: { prepare(&$0, batch: 2, length: 80, layers: 1) },
      prepare: { prepare(&$0, batch: batch, length: length, layers: layers) })
  }
}

/// A recurrent layer, and what it says at every step.
private final class Reader: Module {
  let r: any Module
  let o: Linear
  private let run: (Tensor) -> Tensor

  init(_ layer: (any Module, (Tensor) -> Tensor), using random: inout RandomStream) {
    (r, run) = layer
    o = Linear(256, 65, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, 256] to [N T, 65]
    o(run(x).reshaped(to: [x.shape[0] * x.shape[1], 256]))
  }
}

/// Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, without biases; the output shares the
/// weights of the embedding.
private final class GPT: Module {
  let e: Embedding
  let pe: LearnedEncoding
  let b: [Block]
  let ln: LayerNorm

  init(
    _ vocabulary: Int, _ features: Int, heads: Int, layers: Int, length: Int, _ dropout: Float,
    using random: inout RandomStream
  ) {
    e = Embedding(vocabulary, features, using: &random)
    pe = LearnedEncoding(features, length: length, using: &random)
    b = (0..<layers).map { _ in Block(features, heads: heads, dropout, using: &random) }
    ln = LayerNorm(features)
    for (_, parameter) in parameters() where parameter.shape.count > 1 {
      parameter.set(.normal(deviation: 0.02, shape: parameter.shape, using: &random))
    }
  }

  func callAsFunction(_ text: IndexTensor) -> Tensor {  // [N, T] to [N T, V]
    let x = b.reduce(pe(e(text))) { x, block in block(x) }
    return e.logits(ln(x)).reshaped(to: [text.count, 65])
  }

  final class Block: Module {
    let l1, l2: LayerNorm
    let q, p, f1, f2: Linear
    private let heads: Int
    private let rate: Float

    init(_ features: Int, heads: Int, _ dropout: Float, using random: inout RandomStream) {
      l1 = LayerNorm(features)
      q = Linear(features, 3 * features, bias: false, using: &random)
      p = Linear(features, features, bias: false, using: &random)
      l2 = LayerNorm(features)
      f1 = Linear(features, 4 * features, bias: false, using: &random)
      f2 = Linear(4 * features, features, bias: false, using: &random)
      self.heads = heads
      rate = dropout
    }

    func callAsFunction(_ x: Tensor) -> Tensor {  // [N, T, D]
      let attended = multiheadAttention([q(l1(x))], heads: heads, isCausal: true, dropout: rate)
      let x = x + dropout(p(attended), rate)
      return x + dropout(f2(gelu(f1(l2(x)))), rate)
    }
  }
}
