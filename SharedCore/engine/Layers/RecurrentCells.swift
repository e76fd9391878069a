import Kernels
import Utils

/// One step of a simple recurrent layer.
public final class RNNCell: Module {
  let weight_ih, weight_hh: Parameter
  let bias_ih, bias_hh: Parameter?
  private let activation: RecurrentActivation

  /// A cell from `inputs` to `hidden` features, its weights uniform in plus or minus 1 / sqrt(hidden).
  public init(
    _ inputs: Int, _ hidden: Int, activation: RecurrentActivation = .tanh, bias: Bool = true,
    using random: inout RandomStream
  ) {
    (weight_ih, weight_hh, bias_ih, bias_hh) = cellWeights(inputs, hidden, gates: 1, bias, &random)
    self.activation = activation
  }

  /// The next state [N, H] of x [N, I] and the state before, zeros when it is nil.
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor {
    let weights = RecurrentWeights(
      input: weight_ih.value, hidden: weight_hh.value, inputBias: bias_ih?.value, hiddenBias: bias_hh?.value)
    return elman(x.unsqueezed(at: 1), weights, h0: h, activation: activation).squeezed(at: 1)
  }
}

/// One step of a gated recurrent unit.
public final class GRUCell: Module {
  let weight_ih, weight_hh: Parameter
  let bias_ih, bias_hh: Parameter?

  /// A cell from `inputs` to `hidden` features, its weights uniform in plus or minus 1 / sqrt(hidden).
  public init(_ inputs: Int, _ hidden: Int, bias: Bool = true, using random: inout RandomStream) {
    (weight_ih, weight_hh, bias_ih, bias_hh) = cellWeights(inputs, hidden, gates: 3, bias, &random)
  }

  /// The next state [N, H] of x [N, I] and the state before, zeros when it is nil.
  public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor {
    let weights = RecurrentWeights(
      input: weight_ih.value, hidden: weight_hh.value, inputBias: bias_ih?.value, hiddenBias: bias_hh?.value)
    return gru(x.unsqueezed(at: 1), weights, h0: h).squeezed(at: 1)
  }
}

/// One step of a long short-term memory.
public final class LSTMCell: Module {
  let weight_ih, weight_hh: Parameter
  let bias_ih, bias_hh: Parameter?

  /// A cell from `inputs` to `hidden` features, its weights uniform in plus or minus 1 / sqrt(hidden).
  public init(_ inputs: Int, _ hidden: Int, bias: Bool = true, using random: inout RandomStream) {
    (weight_ih, weight_hh, bias_ih, bias_hh) = cellWeights(inputs, hidden, gates: 4, bias, &random)
  }

  /// The next state of x [N, I] and the state before, zeros when it is nil.
  public func callAsFunction(_ x: Tensor, _ state: LSTMState? = nil) -> LSTMState {
    let weights = RecurrentWeights(
      input: weight_ih.value, hidden: weight_hh.value, inputBias: bias_ih?.value, hiddenBias: bias_hh?.value)
    let (y, cell) = lstm(x.unsqueezed(at: 1), weights, h0: state?.hidden, c0: state?.cell)
    return LSTMState(hidden: y.squeezed(at: 1), cell: cell)
  }
}

private func cellWeights(
  _ inputs: Int, _ hidden: Int, gates: Int, _ bias: Bool, _ random: inout RandomStream
) -> (Parameter, Parameter, Parameter?, Parameter?) {
  let stack = RecurrentStack(
    inputs, hidden, gates: gates, layers: 1, bias: bias, isBatchFirst: true, dropout: 0,
    isBidirectional: false, using: &random)
  let only = stack.directions[0]
  return (only.input, only.hidden, only.inputBias, only.hiddenBias)
}
