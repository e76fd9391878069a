extension NormalizationKernels {
  /// y = (x - mean) scale weight + bias, with scale = 1 / sqrt(variance + epsilon), of each row.
  ///
  /// Three passes a row, mean, variance, result: 9 operations a number. Row after row, so that the second and third find
  /// it in the cache.
  ///
  /// The variance is the mean of the squared differences; the mean of the squares less the square of the mean would
  /// cancel where the mean is large. Sums are in double precision.
  public func rowNorm(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    means: inout MutableSpan<Float>, scales: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    for row in 0..<shape.rows {
      let places = row * shape.width..<(row + 1) * shape.width
      var (mean, variance) = (0.0, 0.0)
      if shape.isCentred { for i in places { mean += Double(x[i]) / Double(shape.width) } }
      for i in places {
        let distance = Double(x[i]) - mean
        variance += distance * distance / Double(shape.width)
      }
      means[row] = Float(mean)
      scales[row] = Float(1 / (variance + Double(shape.epsilon)).squareRoot())
      for i in places {
        let normal = (x[i] - means[row]) * scales[row]
        y[i] = normal * factor(weight, at: i, shape) + (bias.isEmpty ? 0 : bias[shape.weightIndex(of: i)])
      }
    }
  }

  /// dx = scale (h - mean of h - x' mean of h x'), with h = g weight and x' = (x - mean) scale.
  ///
  /// Two passes a row, the two means and then the formula: about 14 operations a number.
  ///
  /// They are there because x' itself depends on every x of the row, through its mean and through its variance.
  public func rowNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, weight: Span<Float>, means: Span<Float>, scales: Span<Float>,
    into dx: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    for row in 0..<shape.rows {
      let places = row * shape.width..<(row + 1) * shape.width
      var (meanOfH, meanOfHX) = (0.0, 0.0)
      for i in places {
        let h = Double(g[i] * factor(weight, at: i, shape)) / Double(shape.width)
        meanOfH += h
        meanOfHX += h * Double((x[i] - means[row]) * scales[row])
      }
      if !shape.isCentred { meanOfH = 0 }
      for i in places {
        let normal = (x[i] - means[row]) * scales[row]
        dx[i] =
          scales[row] * (g[i] * factor(weight, at: i, shape) - Float(meanOfH) - normal * Float(meanOfHX))
      }
    }
  }

  /// dweight[j] = sum of g x', dbias[j] = sum of g, over the numbers that share a weight.
  ///
  /// One pass in order of memory, each number into the sum of its weight: 5 operations a number.
  public func rowNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    for j in 0..<dweight.count { dweight[j] = 0 }
    for j in 0..<dbias.count { dbias[j] = 0 }
    for row in 0..<shape.rows {
      for i in row * shape.width..<(row + 1) * shape.width {
        let j = shape.weightIndex(of: i)
        dweight[j] += g[i] * (x[i] - means[row]) * scales[row]
        if dbias.count > 0 { dbias[j] += g[i] }
      }
    }
  }

  private func factor(_ weight: Span<Float>, at i: Int, _ shape: RowNormShape) -> Float {
    weight.isEmpty ? 1 : weight[shape.weightIndex(of: i)]
  }
}

extension RowNormShape {
  /// Which weight belongs to number i of x.
  func weightIndex(of i: Int) -> Int { i / shared % weightCount }
}
