import Utils

/// Sums eight side by side, still in double precision, and loops without questions inside them.
extension FastKernels {
  /// The three passes of the reference.
  public func rowNorm(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    means: inout MutableSpan<Float>, scales: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let (width, count) = (shape.width, shape.rows * shape.width)
    require(x.count >= count && y.count >= count && shape.accepts(weight) && shape.accepts(bias))
    let divisor = Double(max(width, 1))
    for row in 0..<shape.rows {
      let start = row * width
      let mean = shape.isCentred ? LaneSums.sum(x, start, width) / divisor : 0
      let variance = LaneSums.squaredDistances(x, from: mean, start, width) / divisor
      let (centre, scale) = (Float(mean), Float(1 / (variance + Double(shape.epsilon)).squareRoot()))
      means[row] = centre
      scales[row] = scale
      shape.forEachPiece(of: row) { places, j in
        if shape.shared > 1 {
          let (factor, added) = (weight.isEmpty ? 1 : weight[j], bias.isEmpty ? 0 : bias[j])
          for i in places { y[unchecked: i] = (x[unchecked: i] - centre) * scale * factor + added }
        } else if weight.isEmpty {
          for i in places { y[unchecked: i] = (x[unchecked: i] - centre) * scale }
        } else if bias.isEmpty {
          for i in 0..<places.count {
            let at = places.lowerBound &+ i
            y[unchecked: at] = (x[unchecked: at] - centre) * scale * weight[unchecked: j &+ i]
          }
        } else {
          for i in 0..<places.count {
            let at = places.lowerBound &+ i
            y[unchecked: at] =
              (x[unchecked: at] - centre) * scale * weight[unchecked: j &+ i] + bias[unchecked: j &+ i]
          }
        }
      }
    }
  }

  /// h is made in the place of dx, so that its sums and the formula read neighbours.
  public func rowNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, weight: Span<Float>, means: Span<Float>, scales: Span<Float>,
    into dx: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let (width, count) = (shape.width, shape.rows * shape.width)
    require(g.count >= count && x.count >= count && dx.count >= count && shape.accepts(weight))
    for row in 0..<shape.rows {
      let (start, mean, scale) = (row * width, means[row], scales[row])
      shape.forEachPiece(of: row) { places, j in
        if shape.shared > 1 || weight.isEmpty {
          let factor = weight.isEmpty ? 1 : weight[j]
          for i in places { dx[unchecked: i] = g[unchecked: i] * factor }
        } else {
          for i in 0..<places.count {
            let at = places.lowerBound &+ i
            dx[unchecked: at] = g[unchecked: at] * weight[unchecked: j &+ i]
          }
        }
      }
      let meanOfH = shape.isCentred ? Float(LaneSums.sum(dx.span, start, width) / Double(width)) : 0
      let product = LaneSums.product(dx.span, x, minus: mean, start, width)
      let meanOfHX = Float(product * Double(scale) / Double(width))
      for i in start..<start + width {
        let normal = (x[unchecked: i] - mean) * scale
        dx[unchecked: i] = scale * (dx[unchecked: i] - meanOfH - normal * meanOfHX)
      }
    }
  }

  /// Row by row into the sums, which a row of features leaves side by side.
  public func rowNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let (count, wantsBias) = (shape.rows * shape.width, dbias.count > 0)
    require(g.count >= count && x.count >= count && dweight.count >= shape.weightCount)
    require(!wantsBias || dbias.count >= shape.weightCount)
    for j in 0..<dweight.count { dweight[unchecked: j] = 0 }
    for j in 0..<dbias.count { dbias[unchecked: j] = 0 }
    for row in 0..<shape.rows {
      let (mean, scale) = (means[row], scales[row])
      shape.forEachPiece(of: row) { places, j in
        if shape.shared > 1 {
          let product = LaneSums.product(g, x, minus: mean, places.lowerBound, places.count)
          dweight[j] += Float(product * Double(scale))
          if wantsBias { dbias[j] += Float(LaneSums.sum(g, places.lowerBound, places.count)) }
          return
        }
        for i in 0..<places.count {
          let at = places.lowerBound &+ i
          dweight[unchecked: j &+ i] += g[unchecked: at] * ((x[unchecked: at] - mean) * scale)
        }
        if wantsBias {
          for i in 0..<places.count { dbias[unchecked: j &+ i] += g[unchecked: places.lowerBound &+ i] }
        }
      }
    }
  }
}

extension RowNormShape {
  /// Weights or biases of the right number, or none.
  func accepts(_ weights: Span<Float>) -> Bool { weights.isEmpty || weights.count >= weightCount }

  /// Calls `body` for the pieces of a row in which every number has the same weight j or, where weights are not shared,
  /// for the whole row with the weight of its first number.
  @inline(__always)
  func forEachPiece(of row: Int, _ body: (_ places: Range<Int>, _ j: Int) -> Void) {
    let start = row * width
    guard shared > 1 else { return body(start..<start + width, row % cycle * width) }
    let pieces = width / shared
    for piece in 0..<pieces {
      let first = start + piece * shared
      body(first..<first + shared, row % cycle * pieces + piece)
    }
  }
}
