import CTeam
import CVector
import Utils

/// Samples do not know of each other, so each thread takes some of them through all steps. A step is one product by oneDNN
/// with the states where they lie, and one pass of CVector over all gates.
extension FastKernels {
  /// A product and a pass a step.
  public func elman(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape, _ activation: RecurrentActivation
  ) {
    guard let x = x.address, let weight = weight.address, let y = y.address else { return }
    let memory = Unchecked((x, weight, h0.address, y))
    RecurrentPart.each(of: shape) { part in
      let (x, weight, h0, y) = memory.value
      for number in 0..<shape.steps {
        let now = part.row(number)
        if let (before, row) = part.before(number, y, h0) {
          matmul(
            MatrixPiece(before, row: row), MatrixPiece(weight, row: shape.hidden),
            into: y + now * shape.hidden,
            row: part.distance * shape.hidden, part.product(gates: 1))
        } else {
          part.clear(y, number, width: shape.hidden)
        }
        var step = part.step
        vector_elman_step(
          &step, x + now * shape.hidden, y + now * shape.hidden, activation == .relu ? 1 : 0)
      }
    }
  }

  /// The same backwards.
  public func elmanGradient(
    _ g: Span<Float>, y: Span<Float>, weight: Span<Float>, dx: inout MutableSpan<Float>,
    dh0: inout MutableSpan<Float>, _ shape: RecurrentShape, _ activation: RecurrentActivation
  ) {
    guard let g = g.address, let y = y.address, let weight = weight.address, let dx = dx.address,
      let dh0 = dh0.address
    else { return zero(&dh0) }
    let h = shape.hidden
    let memory = Unchecked((g, y, weight, dx, dh0))
    RecurrentPart.each(of: shape) { part in
      let (g, y, weight, dx, dh0) = memory.value
      let dh = dh0 + part.first * h
      dh.update(repeating: 0, count: part.samples * h)
      for number in (0..<shape.steps).reversed() {
        let now = part.row(number)
        var step = part.step
        vector_elman_step_gradient(
          &step, g + now * h, y + now * h, dh, dx + now * h, activation == .relu ? 1 : 0)
        matmul(
          MatrixPiece(dx + now * h, row: part.distance * h), MatrixPiece(weight, row: h), into: dh, row: h,
          part.gradientProduct(gates: 1))
      }
    }
  }

  /// A product and a pass a step.
  public func lstm(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, c0: Span<Float>,
    gates: inout MutableSpan<Float>, cells: inout MutableSpan<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape
  ) {
    guard let x = x.address, let weight = weight.address, let gates = gates.address,
      let cells = cells.address, let y = y.address
    else { return }
    let h = shape.hidden
    let memory = Unchecked((x, weight, h0.address, c0.address, gates, cells, y))
    RecurrentPart.each(of: shape) { part in
      let (x, weight, h0, c0, gates, cells, y) = memory.value
      part.withZeros { zeros in
        for number in 0..<shape.steps {
          let now = part.row(number)
          if let (before, row) = part.before(number, y, h0) {
            matmul(
              MatrixPiece(before, row: row), MatrixPiece(weight, row: h), into: gates + now * 4 * h,
              row: part.distance * 4 * h, part.product(gates: 4))
          } else {
            part.clear(gates, number, width: 4 * h)
          }
          let (before, row) = part.before(number, cells, c0) ?? (zeros, 0)
          var step = part.step
          vector_lstm_step(
            &step, x + now * 4 * h, before, Int64(row), gates + now * 4 * h, cells + now * h, y + now * h)
        }
      }
    }
  }

  /// The same backwards.
  public func lstmGradient(
    _ g: Span<Float>, gc: Span<Float>, gates: Span<Float>, cells: Span<Float>, c0: Span<Float>,
    weight: Span<Float>, dx: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    dc0: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    for i in 0..<dc0.count { dc0[i] = gc.isEmpty ? 0 : gc[i] }
    guard let g = g.address, let gates = gates.address, let cells = cells.address,
      let weight = weight.address, let dx = dx.address, let dh0 = dh0.address, let dc0 = dc0.address
    else { return zero(&dh0) }
    let h = shape.hidden
    let memory = Unchecked((g, gates, cells, c0.address, weight, dx, dh0, dc0))
    RecurrentPart.each(of: shape) { part in
      let (g, gates, cells, c0, weight, dx, dh0, dc0) = memory.value
      let (dh, dc) = (dh0 + part.first * h, dc0 + part.first * h)
      dh.update(repeating: 0, count: part.samples * h)
      part.withZeros { zeros in
        for number in (0..<shape.steps).reversed() {
          let now = part.row(number)
          let (before, row) = part.before(number, cells, c0) ?? (zeros, 0)
          var step = part.step
          vector_lstm_step_gradient(
            &step, g + now * h, gates + now * 4 * h, cells + now * h, before, Int64(row), dh, dc,
            dx + now * 4 * h)
          matmul(
            MatrixPiece(dx + now * 4 * h, row: part.distance * 4 * h), MatrixPiece(weight, row: h), into: dh,
            row: h, part.gradientProduct(gates: 4))
        }
      }
    }
  }

  /// A product and a pass a step; the product is needed apart, because the reset gate scales a third of it.
  public func gru(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, h0: Span<Float>,
    gates: inout MutableSpan<Float>, into y: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    guard let x = x.address, let weight = weight.address, let gates = gates.address, let y = y.address
    else { return }
    let h = shape.hidden
    let memory = Unchecked((x, weight, bias.address, h0.address, gates, y))
    RecurrentPart.each(of: shape) { part in
      let (x, weight, bias, h0, gates, y) = memory.value
      part.withZeros(gates: 3) { zeros in
        MemoryPool.withScratch(part.samples * 3 * h) { scratch in
          guard let product = scratch.baseAddress else { return }
          for number in 0..<shape.steps {
            let now = part.row(number)
            if let (before, row) = part.before(number, y, h0) {
              matmul(
                MatrixPiece(before, row: row), MatrixPiece(weight, row: h), into: product, row: 3 * h,
                part.product(gates: 3))
            } else {
              product.update(repeating: 0, count: part.samples * 3 * h)
            }
            let (before, row) = part.before(number, UnsafePointer(y), h0) ?? (zeros, 0)
            var step = part.step
            vector_gru_step(
              &step, x + now * 3 * h, product, bias ?? zeros, before, Int64(row), gates + now * 4 * h,
              y + now * h)
          }
        }
      }
    }
  }

  /// The same backwards; the product adds to what the update gate lets through.
  public func gruGradient(
    _ g: Span<Float>, gates: Span<Float>, y: Span<Float>, h0: Span<Float>, weight: Span<Float>,
    dx: inout MutableSpan<Float>, dp: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    _ shape: RecurrentShape
  ) {
    guard let g = g.address, let gates = gates.address, let y = y.address, let weight = weight.address,
      let dx = dx.address, let dp = dp.address, let dh0 = dh0.address
    else { return zero(&dh0) }
    let h = shape.hidden
    let memory = Unchecked((g, gates, y, h0.address, weight, dx, dp, dh0))
    RecurrentPart.each(of: shape) { part in
      let (g, gates, y, h0, weight, dx, dp, dh0) = memory.value
      let dh = dh0 + part.first * h
      dh.update(repeating: 0, count: part.samples * h)
      part.withZeros { zeros in
        for number in (0..<shape.steps).reversed() {
          let now = part.row(number)
          let (before, row) = part.before(number, y, h0) ?? (zeros, 0)
          var step = part.step
          vector_gru_step_gradient(
            &step, g + now * h, gates + now * 4 * h, before, Int64(row), dh, dx + now * 3 * h,
            dp + now * 3 * h)
          matmul(
            MatrixPiece(dp + now * 3 * h, row: part.distance * 3 * h), MatrixPiece(weight, row: h), into: dh,
            row: h, part.gradientProduct(gates: 3), beta: 1)
        }
      }
    }
  }

  /// Copies of rows.
  public func statesBefore(
    _ y: Span<Float>, h0: Span<Float>, into before: inout MutableSpan<Float>, _ shape: RecurrentShape
  ) {
    guard shape.rows > 0, let y = y.address, let before = before.address else { return }
    let (h, h0) = (shape.hidden, h0.address)
    for n in 0..<shape.samples {
      let first = before + shape.row(0, n) * h
      if let h0 { first.update(from: h0 + n * h, count: h) } else { first.update(repeating: 0, count: h) }
      for step in 1..<shape.steps {
        (before + shape.row(step, n) * h).update(from: y + shape.row(step - 1, n) * h, count: h)
      }
    }
  }

  private func zero(_ numbers: inout MutableSpan<Float>) {
    for i in 0..<numbers.count { numbers[i] = 0 }
  }
}

/// Some neighbouring samples on their way through all steps.
private struct RecurrentPart {
  let shape: RecurrentShape
  let first, samples: Int

  /// Parts for the threads that there are: fewer samples make slower products, so no more parts than threads.
  static func each(of shape: RecurrentShape, _ body: @Sendable (RecurrentPart) -> Void) {
    let work = shape.rows * shape.hidden * shape.hidden
    let parts = min(Int(team_threads()), max(shape.samples / 8, 1))
    inParallel(parts, work: work) { part in
      let (from, to) = (shape.samples * part / parts, shape.samples * (part + 1) / parts)
      body(RecurrentPart(shape: shape, first: from, samples: to - from))
    }
  }

  /// The row of the first sample at a step.
  func row(_ number: Int) -> Int { shape.row(number, first) }

  /// The distance between the rows of neighbouring samples.
  var distance: Int { shape.rowsBetweenSamples }

  var step: vector_recurrent_step {
    vector_recurrent_step(samples: Int64(samples), hidden: Int64(shape.hidden), row: Int64(distance))
  }

  /// The states before a step and the distance between them: of the step before, or the beginning; nil for zeros.
  func before(
    _ number: Int, _ states: UnsafePointer<Float>, _ beginning: UnsafePointer<Float>?
  ) -> (UnsafePointer<Float>, row: Int)? {
    let h = shape.hidden
    if number > 0 { return (states + row(number - 1) * h, distance * h) }
    return beginning.map { ($0 + first * h, h) }
  }

  /// h WT for all gates.
  func product(gates: Int) -> MatmulShape {
    MatmulShape(m: samples, n: gates * shape.hidden, k: shape.hidden, transposeB: true)
  }

  /// dp W.
  func gradientProduct(gates: Int) -> MatmulShape {
    MatmulShape(m: samples, n: shape.hidden, k: gates * shape.hidden)
  }

  /// Zeros in the rows of a step.
  func clear(_ numbers: UnsafeMutablePointer<Float>, _ number: Int, width: Int) {
    for n in 0..<samples {
      (numbers + (row(number) + n * distance) * width).update(repeating: 0, count: width)
    }
  }

  /// Lends a row of zeros, `gates` times as long as a state.
  func withZeros(gates: Int = 1, _ body: (UnsafePointer<Float>) -> Void) {
    MemoryPool.withScratch(gates * shape.hidden) { zeros in
      zeros.update(repeating: 0)
      if let zeros = zeros.baseAddress { body(zeros) }
    }
  }
}
