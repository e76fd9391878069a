import Kernels
import Utils

/// The gated recurrent unit: one gate mixes the state with a new one, another resets what the new one sees.
///
/// r, z = sigmoid(W x + b + U h + c), n = tanh(W x + b + r (U h + c)), h' = (1 - z) n + z h, with each gate's own rows of
/// the weights in the order r, z, n. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014, §2.3;
/// departure, as in cuDNN and PyTorch: r scales the product with the state, not the state.
///
/// Derivative, with dh = g + z dh + UT dp of the step after: dp is each gate's gradient times the derivative of its
/// function, and of n times r as well; dx = WT dp without that r, and the weights' gradients are products over all steps at
/// once.
///
/// - Parameters:
///   - x: [N, T, I], or [T, N, I] as `order` says.
///   - weights: W [3 H, I] and U [3 H, H].
///   - h0: the state at the beginning, [N, H]; nil for zeros.
/// - Returns: the state of every step, [N, T, H] or [T, N, H].
public func gru(
  _ x: Tensor, _ weights: RecurrentWeights, h0: Tensor? = nil, order: SequenceOrder = SequenceOrder()
) -> Tensor {
  let shape = order.shape(x, weights, gates: 3, initial: [h0], "gru")
  let input = linear(x, weights.input, weights.inputBias)
  let (weight, bias) = (weights.hidden, weights.hiddenBias)
  let gates = Tensor.unwritten([shape.rows, 4 * shape.hidden])
  let y = Tensor(shape: input.shape.replacingLast(with: shape.hidden)) { y in
    gates.write { gates in
      withSpans(input, weight, bias, h0, nil) { x, weight, bias, h0, _ in
        Kernels.chosen.gru(x, weight: weight, bias: bias, h0: h0, gates: &gates, into: &y, shape)
      }
    }
  }
  let inputShape = input.shape
  return record(y, from: [input, weight] + [bias, h0].compactMap { $0 }) { g in
    let dh0 = Tensor.unwritten([shape.samples, shape.hidden])
    let dp = Tensor.unwritten([shape.rows, 3 * shape.hidden])
    let dx = Tensor(shape: inputShape) { dx in
      dp.write { dp in
        dh0.write { dh0 in
          withSpans(g, gates, y, h0, weight) { g, gates, y, h0, weight in
            Kernels.chosen.gruGradient(
              g, gates: gates, y: y, h0: h0, weight: weight, dx: &dx, dp: &dp, dh0: &dh0, shape)
          }
        }
      }
    }
    let dw = weight.needsGradient ? shape.weightGradient(dp, y: y, h0) : nil
    let db = bias.map { $0.needsGradient ? reduceSum(dp, over: 0, keepingDimension: false) : nil }
    return [dx, dw] + (db.map { [$0] } ?? []) + (h0 == nil ? [] : [dh0])
  }
}
