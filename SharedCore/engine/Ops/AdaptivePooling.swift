import Kernels
import Utils

/// The mean of as many windows as are asked for along one direction, [N, C, T]; see `adaptiveAvgPool2d`.
public func adaptiveAvgPool1d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveAvgPool(1, x, output)
}

/// The mean of as many windows as are asked for: images of any size become one size.
///
/// Window i of O over H places goes from i H / O, rounded down, to (i + 1) H / O, rounded up; neighbours may overlap. An
/// output of 1 is the mean of the whole image (Lin, Chen, Yan, "Network in Network", 2014, §3.2).
///
/// Derivative: g divided by the window's count, at each of its places.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - output: the size of the result.
/// - Returns: [N, C, output, output].
public func adaptiveAvgPool2d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveAvgPool(2, x, output)
}

/// The mean of as many windows as are asked for, over volumes [N, C, D, H, W]; see `adaptiveAvgPool2d`.
public func adaptiveAvgPool3d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveAvgPool(3, x, output)
}

/// The largest number of as many windows as are asked for, [N, C, T]; see `adaptiveMaxPool2d`.
public func adaptiveMaxPool1d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveMaxPool(1, x, output)
}

/// The largest number of as many windows as are asked for; of the whole image when that is 1.
///
/// The windows are those of `adaptiveAvgPool2d`. Derivative: g at the first place that has the largest number.
public func adaptiveMaxPool2d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveMaxPool(2, x, output)
}

/// The largest number of as many windows as are asked for, over volumes; see `adaptiveMaxPool2d`.
public func adaptiveMaxPool3d(_ x: Tensor, _ output: any PerDirection) -> Tensor {
  adaptiveMaxPool(3, x, output)
}

/// The pooling of `adaptiveAvgPool1d`, `adaptiveAvgPool2d` and `adaptiveAvgPool3d`.
func adaptiveAvgPool(_ directions: Int, _ x: Tensor, _ output: any PerDirection) -> Tensor {
  meanOfWindows(
    x, adaptiveWindows("adaptiveAvgPool\(directions)d", directions, x, output),
    .adaptivePooling(output: output.numbers(forDirections: directions), isMean: true))
}

/// The pooling of `adaptiveMaxPool1d`, `adaptiveMaxPool2d` and `adaptiveMaxPool3d`.
func adaptiveMaxPool(_ directions: Int, _ x: Tensor, _ output: any PerDirection) -> Tensor {
  largestOfWindows(
    x, adaptiveWindows("adaptiveMaxPool\(directions)d", directions, x, output),
    .adaptivePooling(output: output.numbers(forDirections: directions), isMean: false))
}

private func adaptiveWindows(
  _ op: String, _ directions: Int, _ x: Tensor, _ output: any PerDirection
) -> PoolingShape {
  let (input, output) = (x.space(directions, op), output.numbers(forDirections: directions))
  require(
    input.allSatisfy { $0 >= 1 } && output.allSatisfy { $0 >= 1 },
    "\(op): input \(x.shape) has no \(output) windows")
  return PoolingShape(
    x,
    zip(input, output).map { size, count in
      (0..<count).map { i in
        let (first, end) = (i * size / count, ((i + 1) * size + count - 1) / count)
        return PoolingWindow(first: first, end: end, weight: end - first)
      }
    })
}
