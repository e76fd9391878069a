import Foundation

/// Step by step, sample by sample, unit by unit: the formulas as they stand.
///
/// A step costs 2 G H^2 operations a sample for G gates, nearly all of them in the products with the state before, and as
/// many on the way back. Steps are outside because each needs the one before; a dot product walks one row of the weights,
/// neighbours in memory.
extension RecurrentKernels {
  /// h' = f(x + W h).
  public func elman(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape, _ activation: RecurrentActivation
  ) {
    let h = shape.hidden
    for step in 0..<shape.steps {
      for n in 0..<shape.samples {
        let at = shape.row(step, n) * h
        let before = state(before: step, n, h0, y.span, shape)
        for j in 0..<h {
          let sum = x[at + j] + dot(weight, row: j, before)
          y[at + j] = activation == .tanh ? tanh(sum) : max(sum, 0)
        }
      }
    }
  }

  /// Backwards in time; f' is 1 - y^2 of tanh, and 1 or 0 of relu.
  public func elmanGradient(
    _ g: Span<Float>, y: Span<Float>, weight: Span<Float>, dx: inout MutableSpan<Float>,
    dh0: inout MutableSpan<Float>, _ shape: RecurrentShape, _ activation: RecurrentActivation
  ) {
    let h = shape.hidden
    for n in 0..<shape.samples {
      var dh = [Float](repeating: 0, count: h)
      for step in (0..<shape.steps).reversed() {
        let at = shape.row(step, n) * h
        for j in 0..<h {
          let slope = activation == .tanh ? 1 - y[at + j] * y[at + j] : y[at + j] > 0 ? 1 : 0
          dx[at + j] = (g[at + j] + dh[j]) * slope
        }
        dh = transposedProduct(weight, dx.span, from: at, rows: h, columns: h)
      }
      for j in 0..<h { dh0[n * h + j] = dh[j] }
    }
  }

  /// c' = f c + i n, h' = o tanh(c'), with the gates i, f, o = sigmoid(x + W h) and the candidate n = tanh(x + W h).
  ///
  /// The four gates of a unit together: they need the same state before.
  public func lstm(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, c0: Span<Float>,
    gates: inout MutableSpan<Float>, cells: inout MutableSpan<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape
  ) {
    let h = shape.hidden
    for step in 0..<shape.steps {
      for n in 0..<shape.samples {
        let row = shape.row(step, n)
        let before = state(before: step, n, h0, y.span, shape)
        let cellsBefore = state(before: step, n, c0, cells.span, shape)
        for j in 0..<h {
          let at = row * 4 * h + j
          let i = logistic(x[at] + dot(weight, row: j, before))
          let f = logistic(x[at + h] + dot(weight, row: h + j, before))
          let candidate = tanh(x[at + 2 * h] + dot(weight, row: 2 * h + j, before))
          let o = logistic(x[at + 3 * h] + dot(weight, row: 3 * h + j, before))
          let c = f * cellsBefore[j] + i * candidate
          cells[row * h + j] = c
          y[row * h + j] = o * tanh(c)
          (gates[at], gates[at + h], gates[at + 2 * h], gates[at + 3 * h]) = (i, f, candidate, o)
        }
      }
    }
  }

  /// dc += dh o (1 - tanh(c)^2); each gate gets what it was multiplied with times its slope, s (1 - s) or 1 - n^2.
  ///
  /// Backwards in time, with the gradients by state and cell handed from step to step.
  public func lstmGradient(
    _ g: Span<Float>, gc: Span<Float>, gates: Span<Float>, cells: Span<Float>, c0: Span<Float>,
    weight: Span<Float>, dx: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    dc0: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    let h = shape.hidden
    for n in 0..<shape.samples {
      var dh = [Float](repeating: 0, count: h)
      var dc = (0..<h).map { gc.isEmpty ? 0 : gc[n * h + $0] }
      for step in (0..<shape.steps).reversed() {
        let row = shape.row(step, n)
        let cellsBefore = state(before: step, n, c0, cells, shape)
        for j in 0..<h {
          let at = row * 4 * h + j
          let (i, f, candidate, o) = (gates[at], gates[at + h], gates[at + 2 * h], gates[at + 3 * h])
          let squashed = tanh(cells[row * h + j])
          let dy = g[row * h + j] + dh[j]
          dc[j] += dy * o * (1 - squashed * squashed)
          dx[at] = dc[j] * candidate * i * (1 - i)
          dx[at + h] = dc[j] * cellsBefore[j] * f * (1 - f)
          dx[at + 2 * h] = dc[j] * i * (1 - candidate * candidate)
          dx[at + 3 * h] = dy * squashed * o * (1 - o)
          dc[j] *= f
        }
        dh = transposedProduct(weight, dx.span, from: row * 4 * h, rows: 4 * h, columns: h)
      }
      for j in 0..<h { (dh0[n * h + j], dc0[n * h + j]) = (dh[j], dc[j]) }
    }
  }

  /// h' = (1 - z) n + z h, with r, z = sigmoid(x + W h + b) and n = tanh(x + r (W h + b)).
  ///
  /// The three gates of a unit together; what the reset gate scales is kept for the way back.
  public func gru(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, h0: Span<Float>,
    gates: inout MutableSpan<Float>, into y: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    let h = shape.hidden
    func b(_ j: Int) -> Float { bias.isEmpty ? 0 : bias[j] }
    for step in 0..<shape.steps {
      for n in 0..<shape.samples {
        let row = shape.row(step, n)
        let before = state(before: step, n, h0, y.span, shape)
        for j in 0..<h {
          let (at, kept) = (row * 3 * h + j, row * 4 * h + j)
          let r = logistic(x[at] + dot(weight, row: j, before) + b(j))
          let z = logistic(x[at + h] + dot(weight, row: h + j, before) + b(h + j))
          let product = dot(weight, row: 2 * h + j, before) + b(2 * h + j)
          let candidate = tanh(x[at + 2 * h] + r * product)
          y[row * h + j] = (1 - z) * candidate + z * before[j]
          (gates[kept], gates[kept + h], gates[kept + 2 * h], gates[kept + 3 * h]) = (
            r, z, candidate, product
          )
        }
      }
    }
  }

  /// dn = dh (1 - z) (1 - n^2), dz = dh (h - n) z (1 - z), dr = dn (W h + b) r (1 - r), backwards in time.
  public func gruGradient(
    _ g: Span<Float>, gates: Span<Float>, y: Span<Float>, h0: Span<Float>, weight: Span<Float>,
    dx: inout MutableSpan<Float>, dp: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    _ shape: RecurrentShape
  ) {
    let h = shape.hidden
    for n in 0..<shape.samples {
      var dh = [Float](repeating: 0, count: h)
      for step in (0..<shape.steps).reversed() {
        let row = shape.row(step, n)
        let before = state(before: step, n, h0, y, shape)
        for j in 0..<h {
          let (at, kept) = (row * 3 * h + j, row * 4 * h + j)
          let (r, z) = (gates[kept], gates[kept + h])
          let (candidate, product) = (gates[kept + 2 * h], gates[kept + 3 * h])
          let dy = g[row * h + j] + dh[j]
          let dn = dy * (1 - z) * (1 - candidate * candidate)
          dx[at] = dn * product * r * (1 - r)
          dx[at + h] = dy * (before[j] - candidate) * z * (1 - z)
          dx[at + 2 * h] = dn
          (dp[at], dp[at + h], dp[at + 2 * h]) = (dx[at], dx[at + h], dn * r)
          dh[j] = dy * z
        }
        let product = transposedProduct(weight, dp.span, from: row * 3 * h, rows: 3 * h, columns: h)
        for j in 0..<h { dh[j] += product[j] }
      }
      for j in 0..<h { dh0[n * h + j] = dh[j] }
    }
  }

  /// A row of y moves one step on.
  public func statesBefore(
    _ y: Span<Float>, h0: Span<Float>, into before: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    for step in 0..<shape.steps {
      for n in 0..<shape.samples {
        let to = shape.row(step, n) * shape.hidden
        for (j, h) in state(before: step, n, h0, y, shape).enumerated() { before[to + j] = h }
      }
    }
  }

  /// The state of a sample before a step: the row of the step before, or the beginning.
  private func state(
    before step: Int, _ sample: Int, _ beginning: Span<Float>, _ rows: Span<Float>, _ shape: RecurrentShape
  ) -> [Float] {
    let h = shape.hidden
    if step > 0 {
      let at = shape.row(step - 1, sample) * h
      return (0..<h).map { rows[at + $0] }
    }
    return (0..<h).map { beginning.isEmpty ? 0 : beginning[sample * h + $0] }
  }

  private func dot(_ weight: Span<Float>, row: Int, _ state: [Float]) -> Float {
    var sum: Float = 0
    for p in state.indices { sum += weight[row * state.count + p] * state[p] }
    return sum
  }

  /// WT d, where d are the `rows` numbers from `start` on.
  private func transposedProduct(
    _ weight: Span<Float>, _ d: Span<Float>, from start: Int, rows: Int, columns: Int
  ) -> [Float] {
    var product = [Float](repeating: 0, count: columns)
    for i in 0..<rows {
      for j in 0..<columns { product[j] += weight[i * columns + j] * d[start + i] }
    }
    return product
  }

  private func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
