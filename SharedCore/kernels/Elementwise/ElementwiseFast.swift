extension FastKernels {
  /// The choice of the function stands outside the loop, so that each loop is one vector instruction repeated.
  public func apply(
    _ function: BinaryFunction, _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: Broadcast
  ) {
    switch function {
    case .add: combine(a, b, into: &y, shape) { $0 + $1 }
    case .subtract: combine(a, b, into: &y, shape) { $0 - $1 }
    case .multiply: combine(a, b, into: &y, shape) { $0 * $1 }
    case .divide: combine(a, b, into: &y, shape) { $0 / $1 }
    case .maximum: combine(a, b, into: &y, shape) { $0.isNaN ? $0 : $1.isNaN ? $1 : max($0, $1) }
    }
  }

  /// The odometer of the reference turns once a row; inside a row the steps are constant.
  @inline(__always)
  private func combine(
    _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, _ shape: Broadcast,
    _ function: (Float, Float) -> Float
  ) {
    if shape.isPlain {
      precondition(a.count >= y.count && b.count >= y.count)
      for i in 0..<y.count { y[unchecked: i] = function(a[unchecked: i], b[unchecked: i]) }
      return
    }
    let last = shape.sizes.count - 1
    let (width, stepOfA, stepOfB) = (shape.sizes[last], shape.stepsOfA[last], shape.stepsOfB[last])
    var place = [Int](repeating: 0, count: last)
    var (atA, atB, row) = (0, 0, 0)
    while row < y.count {
      precondition(atA + (width - 1) * stepOfA < a.count && atB + (width - 1) * stepOfB < b.count)
      switch (stepOfA, stepOfB) {
      case (1, 1):
        for i in 0..<width { y[unchecked: row + i] = function(a[unchecked: atA + i], b[unchecked: atB + i]) }
      case (1, 0):
        let b = b[unchecked: atB]
        for i in 0..<width { y[unchecked: row + i] = function(a[unchecked: atA + i], b) }
      case (0, 1):
        let a = a[unchecked: atA]
        for i in 0..<width { y[unchecked: row + i] = function(a, b[unchecked: atB + i]) }
      default:
        for i in 0..<width {
          y[unchecked: row + i] = function(a[unchecked: atA + i * stepOfA], b[unchecked: atB + i * stepOfB])
        }
      }
      row += width
      for dimension in place.indices.reversed() {
        place[dimension] += 1
        atA += shape.stepsOfA[dimension]
        atB += shape.stepsOfB[dimension]
        if place[dimension] < shape.sizes[dimension] { break }
        atA -= shape.stepsOfA[dimension] * shape.sizes[dimension]
        atB -= shape.stepsOfB[dimension] * shape.sizes[dimension]
        place[dimension] = 0
      }
    }
  }

  public func affine(_ x: Span<Float>, scale: Float, shift: Float, into y: inout MutableSpan<Float>) {
    precondition(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] = scale * x[unchecked: i] + shift }
  }

  public func accumulate(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    precondition(x.count >= y.count)
    for i in 0..<y.count { y[unchecked: i] += x[unchecked: i] }
  }
}
