import Utils

/// The function between the two linear layers of a Transformer's block.
public enum TransformerActivation: String, CaseIterable, Sendable {
  case relu, gelu, geluTanh

  /// The function's value for every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: Engine.relu(x)
    case .gelu: Engine.gelu(x)
    case .geluTanh: Engine.geluTanh(x)
    }
  }
}

/// A block of a Transformer's encoder: attention to itself, then two linear layers, each beside a way around it.
///
/// Vaswani et al., "Attention Is All You Need", 2017, §3.1; normalised after each sum as there, or before each branch
/// (Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020). State names are PyTorch's. Sequences lie
/// as [N, T, E].
public final class TransformerEncoderLayer: Module {
  let self_attn: MultiheadAttention
  let linear1, linear2: Linear
  let norm1, norm2: LayerNorm
  private let dropout: Float
  private let activation: TransformerActivation
  private let normFirst: Bool

  /// A block for `features` features, `heads` heads and `inner` features between the linear layers.
  ///
  /// - Parameters:
  ///   - dropout: the probability for the attention, the inner features and both branches.
  ///   - normFirst: normalise before each branch instead of after each sum.
  public init(
    _ features: Int, heads: Int, inner: Int = 2048, dropout: Float = 0.1,
    activation: TransformerActivation = .relu, epsilon: Float = 1e-5, normFirst: Bool = false,
    bias: Bool = true, using random: inout RandomStream
  ) {
    self_attn = MultiheadAttention(features, heads: heads, dropout: dropout, bias: bias, using: &random)
    linear1 = Linear(features, inner, bias: bias, using: &random)
    linear2 = Linear(inner, features, bias: bias, using: &random)
    norm1 = LayerNorm(features, epsilon: epsilon, bias: bias)
    norm2 = LayerNorm(features, epsilon: epsilon, bias: bias)
    self.dropout = dropout
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The block's output for x [N, T, E], of its shape; masks as in `MultiheadAttention`.
  public func callAsFunction(
    _ x: Tensor, mask: Mask? = nil, padding: Mask? = nil, isCausal: Bool = false
  ) -> Tensor {
    func attend(_ x: Tensor) -> Tensor {
      Engine.dropout(self_attn(x, mask: mask, padding: padding, isCausal: isCausal), dropout)
    }
    if normFirst {
      let x = x + attend(norm1(x))
      return x + feedForward(norm2(x))
    }
    let x = norm1(x + attend(x))
    return norm2(x + feedForward(x))
  }

  private func feedForward(_ x: Tensor) -> Tensor {
    Engine.dropout(linear2(Engine.dropout(activation(linear1(x)), dropout)), dropout)
  }
}

/// A block of a Transformer's decoder: attention to itself, attention to the encoder's output, then two linear layers.
///
/// Vaswani et al., "Attention Is All You Need", 2017, §3.1; normalised after each sum as there, or before each branch.
/// State names are PyTorch's. Sequences lie as [N, T, E].
public final class TransformerDecoderLayer: Module {
  let self_attn, multihead_attn: MultiheadAttention
  let linear1, linear2: Linear
  let norm1, norm2, norm3: LayerNorm
  private let dropout: Float
  private let activation: TransformerActivation
  private let normFirst: Bool

  /// A block for `features` features, `heads` heads and `inner` features between the linear layers.
  ///
  /// - Parameters:
  ///   - dropout: the probability for both attentions, the inner features and all branches.
  ///   - normFirst: normalise before each branch instead of after each sum.
  public init(
    _ features: Int, heads: Int, inner: Int = 2048, dropout: Float = 0.1,
    activation: TransformerActivation = .relu, epsilon: Float = 1e-5, normFirst: Bool = false,
    bias: Bool = true, using random: inout RandomStream
  ) {
    self_attn = MultiheadAttention(features, heads: heads, dropout: dropout, bias: bias, using: &random)
    multihead_attn = MultiheadAttention(features, heads: heads, dropout: dropout, bias: bias, using: &random)
    linear1 = Linear(features, inner, bias: bias, using: &random)
    linear2 = Linear(inner, features, bias: bias, using: &random)
    norm1 = LayerNorm(features, epsilon: epsilon, bias: bias)
    norm2 = LayerNorm(features, epsilon: epsilon, bias: bias)
    norm3 = LayerNorm(features, epsilon: epsilon, bias: bias)
    self.dropout = dropout
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The block's output for x [N, T, E], of its shape, which looks at `memory` [N, S, E].
  ///
  /// - Parameters:
  ///   - mask, padding, isCausal: what a place of x may see of x, as in `MultiheadAttention`.
  ///   - memoryMask, memoryPadding: what it may see of the memory.
  public func callAsFunction(
    _ x: Tensor, memory: Tensor, mask: Mask? = nil, padding: Mask? = nil, isCausal: Bool = false,
    memoryMask: Mask? = nil, memoryPadding: Mask? = nil
  ) -> Tensor {
    func attend(_ x: Tensor) -> Tensor {
      Engine.dropout(self_attn(x, mask: mask, padding: padding, isCausal: isCausal), dropout)
    }
    func recall(_ x: Tensor) -> Tensor {
      Engine.dropout(
        multihead_attn(query: x, key: memory, mask: memoryMask, padding: memoryPadding), dropout)
    }
    if normFirst {
      var x = x + attend(norm1(x))
      x = x + recall(norm2(x))
      return x + feedForward(norm3(x))
    }
    var x = norm1(x + attend(x))
    x = norm2(x + recall(x))
    return norm3(x + feedForward(x))
  }

  private func feedForward(_ x: Tensor) -> Tensor {
    Engine.dropout(linear2(Engine.dropout(activation(linear1(x)), dropout)), dropout)
  }
}

/// Encoder blocks one above the other, and a norm at the end where there is one.
public final class TransformerEncoder: Module {
  let layers: [TransformerEncoderLayer]
  let norm: LayerNorm?

  /// An encoder of these blocks; `norm` is for blocks that normalise first.
  public init(_ layers: [TransformerEncoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
  }

  /// The output of the last block for x [N, T, E], of its shape; masks as in `MultiheadAttention`.
  public func callAsFunction(
    _ x: Tensor, mask: Mask? = nil, padding: Mask? = nil, isCausal: Bool = false
  ) -> Tensor {
    let y = layers.reduce(x) { x, layer in layer(x, mask: mask, padding: padding, isCausal: isCausal) }
    return norm?(y) ?? y
  }
}

/// Decoder blocks one above the other, all looking at one memory, and a norm at the end where there is one.
public final class TransformerDecoder: Module {
  let layers: [TransformerDecoderLayer]
  let norm: LayerNorm?

  /// A decoder of these blocks; `norm` is for blocks that normalise first.
  public init(_ layers: [TransformerDecoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
  }

  /// The output of the last block for x [N, T, E] and memory [N, S, E]; masks as in `TransformerDecoderLayer`.
  public func callAsFunction(
    _ x: Tensor, memory: Tensor, mask: Mask? = nil, padding: Mask? = nil, isCausal: Bool = false,
    memoryMask: Mask? = nil, memoryPadding: Mask? = nil
  ) -> Tensor {
    let y = layers.reduce(x) { x, layer in
      layer(
        x, memory: memory, mask: mask, padding: padding, isCausal: isCausal, memoryMask: memoryMask,
        memoryPadding: memoryPadding)
    }
    return norm?(y) ?? y
  }
}
