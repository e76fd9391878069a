import Kernels
import Utils

/// Simple recurrent layers one above the other: `elman` at every step.
///
/// State names and layouts are PyTorch's. A departure: sequences lie as [N, T, I] unless `batchFirst` is false.
public final class RNN: Module, CustomReflectable {
  private let stack: RecurrentStack
  private let activation: RecurrentActivation

  /// A network from `inputs` to `hidden` features, twice as many where it is bidirectional.
  ///
  /// - Parameter dropout: the probability with which an element is dropped between one layer and the next.
  public init(
    _ inputs: Int, _ hidden: Int, activation: RecurrentActivation = .tanh, layers: Int = 1,
    bias: Bool = true, batchFirst: Bool = true, dropout: Float = 0, bidirectional: Bool = false,
    using random: inout RandomStream
  ) {
    self.activation = activation
    stack = RecurrentStack(
      inputs, hidden, gates: 1, layers: layers, bias: bias, isBatchFirst: batchFirst, dropout: dropout,
      isBidirectional: bidirectional, using: &random)
  }

  /// The states of the last layer at every step, [N, T, H] of x [N, T, I], and of all layers at the end, [layers, N, H].
  public func callAsFunction(_ x: Tensor, _ h0: Tensor? = nil) -> (output: Tensor, state: Tensor) {
    let (output, states) = stack(x) { x, weights, number, order in
      let h0 = stack.part(number, of: h0, "RNN")
      let y = elman(x, weights, h0: h0, activation: activation, order: order)
      return (y, order.lastState(of: y, h0))
    }
    return (output, Engine.stack(states, along: 0))
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { stack.mirror(of: self) }
}

/// Gated recurrent units one above the other: `gru` at every step.
///
/// State names and layouts are PyTorch's. A departure: sequences lie as [N, T, I] unless `batchFirst` is false.
public final class GRU: Module, CustomReflectable {
  private let stack: RecurrentStack

  /// A network from `inputs` to `hidden` features, twice as many where it is bidirectional.
  ///
  /// - Parameter dropout: the probability with which an element is dropped between one layer and the next.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = true,
    dropout: Float = 0, bidirectional: Bool = false, using random: inout RandomStream
  ) {
    stack = RecurrentStack(
      inputs, hidden, gates: 3, layers: layers, bias: bias, isBatchFirst: batchFirst, dropout: dropout,
      isBidirectional: bidirectional, using: &random)
  }

  /// The states of the last layer at every step, [N, T, H] of x [N, T, I], and of all layers at the end, [layers, N, H].
  public func callAsFunction(_ x: Tensor, _ h0: Tensor? = nil) -> (output: Tensor, state: Tensor) {
    let (output, states) = stack(x) { x, weights, number, order in
      let h0 = stack.part(number, of: h0, "GRU")
      let y = gru(x, weights, h0: h0, order: order)
      return (y, order.lastState(of: y, h0))
    }
    return (output, Engine.stack(states, along: 0))
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { stack.mirror(of: self) }
}

/// What an LSTM carries from step to step.
public struct LSTMState: Sendable {
  /// State and cell, [N, H] of a cell, [layers, N, H] of a network.
  public let hidden, cell: Tensor

  /// This state and this cell.
  public init(hidden: Tensor, cell: Tensor) {
    self.hidden = hidden
    self.cell = cell
  }
}

/// Long short-term memories one above the other: `lstm` at every step.
///
/// State names and layouts are PyTorch's. A departure: sequences lie as [N, T, I] unless `batchFirst` is false.
public final class LSTM: Module, CustomReflectable {
  private let stack: RecurrentStack

  /// A network from `inputs` to `hidden` features, twice as many where it is bidirectional.
  ///
  /// - Parameter dropout: the probability with which an element is dropped between one layer and the next.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = true,
    dropout: Float = 0, bidirectional: Bool = false, using random: inout RandomStream
  ) {
    stack = RecurrentStack(
      inputs, hidden, gates: 4, layers: layers, bias: bias, isBatchFirst: batchFirst, dropout: dropout,
      isBidirectional: bidirectional, using: &random)
  }

  /// The states of the last layer at every step, [N, T, H] of x [N, T, I], and of all layers at the end, [layers, N, H].
  public func callAsFunction(
    _ x: Tensor, _ beginning: LSTMState? = nil
  ) -> (output: Tensor, state: LSTMState) {
    let (output, states) = stack(x) { x, weights, number, order in
      let h0 = stack.part(number, of: beginning?.hidden, "LSTM")
      let c0 = stack.part(number, of: beginning?.cell, "LSTM")
      let (y, cell) = lstm(x, weights, h0: h0, c0: c0, order: order)
      return (y, LSTMState(hidden: order.lastState(of: y, h0), cell: cell))
    }
    let state = LSTMState(
      hidden: Engine.stack(states.map(\.hidden), along: 0), cell: Engine.stack(states.map(\.cell), along: 0))
    return (output, state)
  }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror { stack.mirror(of: self) }
}
