import Kernels
import Utils

/// Every number divided by a power of what its neighbouring channels hold at the same place: y = x / s^beta with
/// s = k + alpha / size times the sum of x^2 over the `size` channels around.
///
/// Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012, §3.3; there
/// alpha is not divided by the size, here it is, as in PyTorch.
///
/// Derivative: dx = g / s^beta - 2 alpha beta / size x times the sum of g x / s^(beta + 1) over the channels that see it.
///
/// - Parameter x: [N, C, ...].
public func localResponseNorm(
  _ x: Tensor, size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1
) -> Tensor {
  require(
    x.shape.count >= 3 && size >= 1,
    "localResponseNorm: the input is [N, C, ...] and the size at least 1, "
      + "got \(x.shape) and \(size)")
  let norm = LocalResponse(size: size, alpha: alpha, beta: beta, k: k)
  let shape = BatchNormShape(x)
  let divisors = Tensor(shape: [x.count], storage: Storage(uninitialized: x.count))
  let y = Tensor(shape: x.shape, order: x.order) { y in
    var s = UnsafeMutableBufferPointer(start: divisors.storage.start, count: x.count).mutableSpan
    x.withMemory { Kernels.chosen.localResponseNorm($0, into: &y, divisors: &s, norm, shape) }
  }
  return record(y, from: x, facts: .localResponse(norm)) { g in
    [
      Tensor(shape: x.shape, order: x.order) { dx in
        withSpans(g.arranged(in: x.order).memory, x.memory, divisors) {
          Kernels.chosen.localResponseNormGradient($0, x: $1, divisors: $2, into: &dx, norm, shape)
        }
      }
    ]
  }
}
