import Foundation
import Kernels
import Utils

/// The p-norm of a window that slides along one direction, [N, C, T]; see `lpPool2d`.
public func lpPool1d(
  _ x: Tensor, norm p: Float, _ kernel: any PerDirection, stride: (any PerDirection)? = nil,
  ceilMode: Bool = false
) -> Tensor {
  lpPool(1, x, p, kernel, stride, ceilMode)
}

/// The p-norm of a window that slides over images: between the sum (p = 1) and the largest (p to infinity).
///
/// y = (sum over the window of x^p)^(1/p). A window that hangs over the edge counts as if it were full of its mean, as in
/// PyTorch. An odd p takes numbers with their sign; a negative sum has no root and becomes NaN.
///
/// Derivative: g (x / y)^(p-1) at every place of the window; 0 where y is 0.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - p: the exponent, above 0.
///   - kernel: the window's size.
///   - stride: how far it moves; its own size when nil.
/// - Returns: [N, C, (H - kernel) / stride + 1, ...], rounded up in ceil mode.
public func lpPool2d(
  _ x: Tensor, norm p: Float, _ kernel: any PerDirection, stride: (any PerDirection)? = nil,
  ceilMode: Bool = false
) -> Tensor {
  lpPool(2, x, p, kernel, stride, ceilMode)
}

/// The p-norm of a window that slides over volumes, [N, C, D, H, W]; see `lpPool2d`.
public func lpPool3d(
  _ x: Tensor, norm p: Float, _ kernel: any PerDirection, stride: (any PerDirection)? = nil,
  ceilMode: Bool = false
) -> Tensor {
  lpPool(3, x, p, kernel, stride, ceilMode)
}

private func lpPool(
  _ directions: Int, _ x: Tensor, _ p: Float, _ kernel: any PerDirection, _ stride: (any PerDirection)?,
  _ ceilMode: Bool
) -> Tensor {
  require(p > 0, "lpPool\(directions)d: the exponent \(p) is not above 0")
  let walk = PoolingWalk("lpPool\(directions)d", directions, kernel, stride, 0, 1, ceilMode: ceilMode)
  let shape = walk.windows(over: x) { _ in .inside }
  let places = Float(walk.kernel.reduce(1, *))
  let powers = mapped(x.detached()) { pow($0, p) }
  let means = Tensor(shape: shape.outputShape(of: x), order: x.order) { y in
    powers.withMemory { Kernels.chosen.averagePooling($0, into: &y, shape) }
  }
  let y = mapped(means) { pow(places * $0, 1 / p) }
  return record(y, from: x) { g in
    let outer = combine(.multiply, g, mapped(y) { $0 == 0 ? 0 : places * pow($0, 1 - p) })
    let spread = Tensor(shape: x.shape, order: x.order) { dx in
      outer.arranged(in: x.order).withMemory { Kernels.chosen.averagePoolingGradient($0, into: &dx, shape) }
    }
    // x to the power p - 1 may be infinite at 0, where nothing flows
    return [combine(.multiply, spread, mapped(x.detached()) { $0 == 0 && p < 1 ? 0 : pow($0, p - 1) })]
  }
}

/// f of every element, not recorded.
private func mapped(_ x: Tensor, _ f: (Float) -> Float) -> Tensor {
  Tensor(shape: x.shape, order: x.order) { y in x.withMemory { x in for i in 0..<x.count { y[i] = f(x[i]) } }
  }
}
