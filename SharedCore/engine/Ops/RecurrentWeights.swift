import Kernels
import Utils

/// The weights of one direction of one recurrent layer, as PyTorch keeps them: the gates' rows one gate after the other.
public struct RecurrentWeights {
  /// For the input, [G H, I].
  public let input: Tensor
  /// For the state before, [G H, H].
  public let hidden: Tensor
  /// Added to the input's product and to the state's, [G H], or nil.
  public let inputBias, hiddenBias: Tensor?

  /// These weights; the biases are both there or both not.
  public init(input: Tensor, hidden: Tensor, inputBias: Tensor? = nil, hiddenBias: Tensor? = nil) {
    self.input = input
    self.hidden = hidden
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
  }

  /// The sum of both biases, for layers to which only that matters.
  var bothBiases: Tensor? {
    guard let inputBias, let hiddenBias else { return nil }
    return inputBias + hiddenBias
  }
}

/// The way of a recurrent layer through its sequences.
public struct SequenceOrder: Equatable, Sendable {
  /// Sequences lie as [N, T, ...], otherwise as [T, N, ...].
  public var isBatchFirst: Bool
  /// Time runs from the last step to the first.
  public var isReversed: Bool

  /// A way; without saying more, one sequence after the other, forwards.
  public init(isBatchFirst: Bool = true, isReversed: Bool = false) {
    self.isBatchFirst = isBatchFirst
    self.isReversed = isReversed
  }

  /// The sizes of a layer with `gates` gates; traps where they do not fit.
  func shape(
    _ x: Tensor, _ weights: RecurrentWeights, gates: Int, initial: [Tensor?], _ op: String
  ) -> RecurrentShape {
    let hidden = weights.hidden.shape.last ?? 0
    require(
      x.shape.count == 3 && weights.input.shape == [gates * hidden, x.shape[2]]
        && weights.hidden.shape == [gates * hidden, hidden]
        && [weights.inputBias, weights.hiddenBias].allSatisfy { $0 == nil || $0?.shape == [gates * hidden] }
        && (weights.inputBias == nil) == (weights.hiddenBias == nil),
      "\(op): input \(x.shape) and weights \(weights.input.shape), \(weights.hidden.shape) do not fit")
    let samples = x.shape[isBatchFirst ? 0 : 1]
    for state in initial {
      require(
        state == nil || state?.shape == [samples, hidden],
        "\(op): a beginning has shape \([samples, hidden]), got \(state?.shape.description ?? "")")
    }
    return RecurrentShape(
      steps: x.shape[isBatchFirst ? 1 : 0], samples: samples, hidden: hidden, isBatchFirst: isBatchFirst,
      isReversed: isReversed)
  }

  /// The state after the last step that was computed, [N, H] of `y`; the beginning where there was no step.
  func lastState(of y: Tensor, _ beginning: Tensor?) -> Tensor {
    let dimension = isBatchFirst ? 1 : 0
    guard y.shape[dimension] > 0 else {
      return beginning ?? Tensor(repeating: 0, shape: y.shape.without(dimension, kept: false))
    }
    return y.narrowed(along: dimension, from: isReversed ? 0 : y.shape[dimension] - 1, count: 1)
      .squeezed(at: dimension)
  }
}

extension RecurrentShape {
  /// The gradient of the recurrent weights, dp^T h, one product over all steps: dp [rows, G H] is the gradient by W h, and
  /// h the state before each step, y one step earlier.
  func weightGradient(_ dp: Tensor, y: Tensor, _ beginning: Tensor?) -> Tensor {  // [G H, H]
    let h = hidden
    let before = Tensor(shape: [rows, h]) { before in
      withSpans(y, beginning) { Kernels.chosen.statesBefore($0, h0: $1, into: &before, self) }
    }
    let width = dp.shape[1]
    return Tensor(shape: [width, h]) { dw in
      dp.withSpan { dp in
        before.withSpan {
          Kernels.chosen.matmul(
            dp, $0, bias: Span(), into: &dw, MatmulShape(m: width, n: h, k: rows, transposeA: true))
        }
      }
    }
  }
}
