import Kernels
import Utils

/// The simple recurrent layer: h' = f(W x + b + U h + c), f being tanh or relu (Elman, "Finding Structure in Time", 1990).
///
/// Derivative, with dh = g + UT dp of the step after: dp = dh f', dx = WT dp, and the weights' gradients are products over
/// all steps at once.
///
/// - Parameters:
///   - x: [N, T, I], or [T, N, I] as `order` says.
///   - weights: W [H, I] and U [H, H].
///   - h0: the state at the beginning, [N, H]; nil for zeros.
/// - Returns: the state of every step, [N, T, H] or [T, N, H].
public func elman(
  _ x: Tensor, _ weights: RecurrentWeights, h0: Tensor? = nil, activation: RecurrentActivation = .tanh,
  order: SequenceOrder = SequenceOrder()
) -> Tensor {
  let shape = order.shape(x, weights, gates: 1, initial: [h0], "elman")
  let (input, weight) = (linear(x, weights.input, weights.bothBiases), weights.hidden)
  let y = Tensor(shape: input.shape) { y in
    withSpans(input, weight, h0) {
      Kernels.chosen.elman($0, weight: $1, h0: $2, into: &y, shape, activation)
    }
  }
  return record(y, from: [input, weight] + (h0.map { [$0] } ?? [])) { g in
    let dh0 = Tensor.unwritten([shape.samples, shape.hidden])
    let dx = Tensor(shape: y.shape) { dx in
      dh0.write { dh0 in
        withSpans(g, y, weight) {
          Kernels.chosen.elmanGradient($0, y: $1, weight: $2, dx: &dx, dh0: &dh0, shape, activation)
        }
      }
    }
    let dp = Tensor(shape: [shape.rows, shape.hidden], storage: dx.storage, offset: dx.offset)
    let dw = weight.needsGradient ? shape.weightGradient(dp, y: y, h0) : nil
    return [dx, dw] + (h0 == nil ? [] : [dh0])
  }
}
