import Kernels
import Utils

/// How a pooling window walks over its input.
struct PoolingWalk: Sendable {
  /// By how many places an average divides in one direction.
  enum Count {
    /// Those inside the input; those in the padding too; a number given.
    case inside, withPadding, constant(Int)
  }

  let op: String
  let kernel, stride, padding, dilation: [Int]
  let ceilMode: Bool

  /// Traps on a kernel, stride or dilation below 1, and on a padding of more than half of the window.
  init(
    _ op: String, _ directions: Int, _ kernel: any PerDirection, _ stride: (any PerDirection)?,
    _ padding: any PerDirection, _ dilation: any PerDirection, ceilMode: Bool
  ) {
    self.op = op
    self.kernel = kernel.numbers(forDirections: directions)
    self.stride = (stride ?? kernel).numbers(forDirections: directions)
    self.padding = padding.numbers(forDirections: directions)
    self.dilation = dilation.numbers(forDirections: directions)
    self.ceilMode = ceilMode
    for d in 0..<directions {
      let reach = self.dilation[d] * (self.kernel[d] - 1) + 1
      require(
        self.kernel[d] >= 1 && self.stride[d] >= 1 && self.dilation[d] >= 1 && self.padding[d] >= 0
          && 2 * self.padding[d] <= reach,
        "\(op): kernel \(self.kernel), stride \(self.stride) and dilation \(self.dilation) are at least 1, "
          + "padding \(self.padding) at most half of the window")
    }
  }

  /// The windows over x [N, C, ...]; `counting` says by what an average divides in each direction.
  func windows(over x: Tensor, counting: (_ direction: Int) -> Count) -> PoolingShape {
    let input = x.space(kernel.count, op)
    return PoolingShape(
      x, kernel.indices.map { d in windows(direction: d, size: input[d], x.shape, counting(d)) })
  }

  private func windows(direction d: Int, size: Int, _ shape: Shape, _ count: Count) -> [PoolingWindow] {
    let reach = dilation[d] * (kernel[d] - 1) + 1
    let slack = size + 2 * padding[d] - reach + (ceilMode ? stride[d] - 1 : 0)
    require(
      slack >= 0,
      "\(op): a window that reaches over \(reach) does not fit into input \(shape) with padding \(padding)")
    var outputs = slack / stride[d] + 1
    if ceilMode, (outputs - 1) * stride[d] >= size + padding[d] { outputs -= 1 }  // it would begin outside
    return (0..<outputs).map { output in
      let start = output * stride[d] - padding[d]
      let first = start < 0 ? start + (-start + dilation[d] - 1) / dilation[d] * dilation[d] : start
      let end = min(start + reach, size)
      let weight =
        switch count {
        case .inside: max(end - first, 0)
        case .withPadding: min(start + reach, size + padding[d]) - start
        case .constant(let number): number
        }
      return PoolingWindow(first: first, end: end, step: dilation[d], weight: weight)
    }
  }
}

extension PoolingShape {
  /// Windows for one to three directions over x [N, C, ...] as it lies in memory.
  init(_ x: Tensor, _ windows: [[PoolingWindow]]) {
    let whole = [PoolingWindow(first: 0, end: 1, weight: 1)]
    let all = Array(repeating: whole, count: 3 - windows.count) + windows
    let (planes, lanes) = x.planesAndLanes
    self.init(
      planes: planes, lanes: lanes, input: Extent(x.shape[2...], missing: 1), depth: all[0], height: all[1],
      width: all[2])
  }

  /// [N, C] and the sizes of the output, as many as x has.
  func outputShape(of x: Tensor) -> Shape {
    Shape([x.shape[0], x.shape[1]] + (5 - x.shape.count..<3).map { output[$0] })
  }
}

extension Tensor {
  /// How many images [N, C, ...] are in memory, and how many neighbours each of their places has: N C and 1, or N and C.
  var planesAndLanes: (planes: Int, lanes: Int) {
    order == .channelsLast ? (shape[0], shape[1]) : (shape[0] * shape[1], 1)
  }
}

/// The largest of every window.
///
/// Derivative: g at its place.
func largestOfWindows(_ x: Tensor, _ shape: PoolingShape, _ facts: OperationFacts) -> Tensor {
  let size = shape.outputShape(of: x)
  let at = PooledIndices(count: size.elementCount)
  let y = Tensor(shape: size, order: x.order) { y in
    at.write { at in x.withMemory { Kernels.chosen.maxPooling($0, into: &y, at: &at, shape) } }
  }
  return record(y, from: x, facts: facts) { g in
    [
      Tensor(shape: x.shape, order: x.order) { dx in
        g.arranged(in: x.order).withMemory { g in
          at.read { Kernels.chosen.maxPoolingGradient(g, at: $0, into: &dx, shape) }
        }
      }
    ]
  }
}

/// The mean of every window.
///
/// Derivative: g divided by the count, at each of its places.
func meanOfWindows(_ x: Tensor, _ shape: PoolingShape, _ facts: OperationFacts) -> Tensor {
  let y = Tensor(shape: shape.outputShape(of: x), order: x.order) { y in
    x.withMemory { Kernels.chosen.averagePooling($0, into: &y, shape) }
  }
  return record(y, from: x, facts: facts) { g in
    [
      Tensor(shape: x.shape, order: x.order) { dx in
        g.arranged(in: x.order).withMemory { Kernels.chosen.averagePoolingGradient($0, into: &dx, shape) }
      }
    ]
  }
}
