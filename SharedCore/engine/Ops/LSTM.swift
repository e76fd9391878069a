import Kernels
import Utils

/// Long short-term memory: a cell that a gate keeps, a gate fills and a gate shows.
///
/// i, f, o = sigmoid(W x + b + U h + c) and c~ = tanh(W x + b + U h + c), each with its own rows of the weights, in the
/// order i, f, c~, o; c' = f c + i c~, h' = o tanh(c'). Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997; the
/// forget gate by Gers, Schmidhuber and Cummins, 2000.
///
/// Derivative, with dh = g + UT dp of the step after and dc = f dc of the step after + o (1 - tanh(c')^2) dh: dp is each
/// gate's gradient times the derivative of its function; dx = WT dp, and the weights' gradients are products over all
/// steps at once.
///
/// - Parameters:
///   - x: [N, T, I], or [T, N, I] as `order` says.
///   - weights: W [4 H, I] and U [4 H, H].
///   - h0, c0: state and cell at the beginning, [N, H]; nil for zeros.
/// - Returns: the state of every step, [N, T, H] or [T, N, H], and the last cell, [N, H].
public func lstm(
  _ x: Tensor, _ weights: RecurrentWeights, h0: Tensor? = nil, c0: Tensor? = nil,
  order: SequenceOrder = SequenceOrder()
) -> (output: Tensor, cell: Tensor) {
  let shape = order.shape(x, weights, gates: 4, initial: [h0, c0], "lstm")
  let (input, weight) = (linear(x, weights.input, weights.bothBiases), weights.hidden)
  let gates = Tensor.unwritten([shape.rows, 4 * shape.hidden])
  let sequence = input.shape.replacingLast(with: shape.hidden)
  let cells = Tensor.unwritten(sequence)
  let y = Tensor(shape: sequence) { y in
    gates.write { gates in
      cells.write { cells in
        withSpans(input, weight, h0, c0, nil) { x, weight, h0, c0, _ in
          Kernels.chosen.lstm(
            x, weight: weight, h0: h0, c0: c0, gates: &gates, cells: &cells, into: &y, shape)
        }
      }
    }
  }
  let inputShape = input.shape
  let beginnings = [h0, c0].compactMap { $0 }
  return record(y, and: order.lastState(of: cells, c0?.detached()), from: [input, weight] + beginnings) {
    g, gc in
    let dh0 = Tensor.unwritten([shape.samples, shape.hidden])
    let dc0 = Tensor.unwritten(dh0.shape)
    let dx = Tensor(shape: inputShape) { dx in
      dh0.write { dh0 in
        dc0.write { dc0 in
          withSpans(g, gc, gates, cells, c0) { g, gc, gates, cells, c0 in
            weight.withSpan {
              Kernels.chosen.lstmGradient(
                g, gc: gc, gates: gates, cells: cells, c0: c0, weight: $0, dx: &dx, dh0: &dh0, dc0: &dc0,
                shape)
            }
          }
        }
      }
    }
    let dp = Tensor(shape: gates.shape, storage: dx.storage, offset: dx.offset)
    let dw = weight.needsGradient ? shape.weightGradient(dp, y: y, h0) : nil
    return [dx, dw] + (h0 == nil ? [] : [dh0]) + (c0 == nil ? [] : [dc0])
  }
}
