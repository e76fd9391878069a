import CVector
import Utils

/// Where the channels lie last, `space` is 1 and a sample's channels are one row, on which the vector loops work.
///
/// Otherwise piece by piece in the order of memory, sums of eight lanes in double precision.
extension FastKernels {
  /// Two passes over x.
  public func channelStatistics(
    _ x: Span<Float>, means: inout MutableSpan<Float>, variances: inout MutableSpan<Float>,
    _ shape: BatchNormShape
  ) {
    let (channels, space, count) = (shape.channels, shape.space, Double(max(shape.valuesPerChannel, 1)))
    require(
      x.count >= shape.batch * channels * space && means.count >= channels && variances.count >= channels)
    if space == 1 {
      return vector_channel_statistics(
        x.address, means.address, variances.address, Int64(shape.batch), Int64(channels))
    }
    var (mean, variance) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for n in 0..<shape.batch {
      for c in 0..<channels { mean[c] += LaneSums.sum(x, shape.piece(n, c).lowerBound, space) }
    }
    for c in 0..<channels { mean[c] /= count }
    for n in 0..<shape.batch {
      for c in 0..<channels {
        variance[c] += LaneSums.squaredDistances(x, from: mean[c], shape.piece(n, c).lowerBound, space)
      }
    }
    for c in 0..<channels {
      means[c] = Float(mean[c])
      variances[c] = Float(variance[c] / count)
    }
  }

  /// One pass.
  public func channelNorm(
    _ x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>, bias: Span<Float>,
    into y: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    let count = shape.batch * shape.channels * shape.space
    require(x.count >= count && y.count >= count)
    if shape.space == 1 {
      let factors = shape.factors(scales, weight)
      return vector_channel_norm(
        x.address, means.address, factors, bias.address, y.address, Int64(shape.batch), Int64(shape.channels))
    }
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        let (mean, scale) = (means[c], scales[c])
        let (factor, added) = (weight.isEmpty ? 1 : weight[c], bias.isEmpty ? 0 : bias[c])
        for i in shape.piece(n, c) { y[unchecked: i] = (x[unchecked: i] - mean) * scale * factor + added }
      }
    }
  }

  /// One pass.
  public func channelNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    let (channels, space, count) = (shape.channels, shape.space, shape.batch * shape.channels * shape.space)
    require(g.count >= count && x.count >= count && dweight.count >= channels && dbias.count >= channels)
    if space == 1 {
      return vector_channel_products(
        g.address, x.address, means.address, scales.address, dweight.address, dbias.address,
        Int64(shape.batch), Int64(channels))
    }
    var (product, sum) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for n in 0..<shape.batch {
      for c in 0..<channels {
        let start = shape.piece(n, c).lowerBound
        sum[c] += LaneSums.sum(g, start, space)
        product[c] += LaneSums.product(g, x, minus: means[c], start, space)
      }
    }
    for c in 0..<channels {
      dweight[c] = Float(product[c] * Double(scales[c]))
      dbias[c] = Float(sum[c])
    }
  }

  /// One pass.
  public func channelNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>,
    dweight: Span<Float>, dbias: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    let (count, values) = (shape.batch * shape.channels * shape.space, Float(shape.valuesPerChannel))
    require(g.count >= count && x.count >= count && dx.count >= count)
    if shape.space == 1 {
      let factors = shape.factors(scales, weight)
      let meansOfG = (0..<shape.channels).map { dbias[$0] / values }
      let slopes = (0..<shape.channels).map { scales[$0] * (dweight[$0] / values) }
      return vector_channel_norm_gradient(
        g.address, x.address, means.address, factors, meansOfG, slopes, dx.address, Int64(shape.batch),
        Int64(shape.channels))
    }
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        let (mean, scale) = (means[c], scales[c])
        let factor = scale * (weight.isEmpty ? 1 : weight[c])
        let (meanOfG, meanOfGX) = (dbias[c] / values, dweight[c] / values)
        for i in shape.piece(n, c) {
          let normal = (x[unchecked: i] - mean) * scale
          dx[unchecked: i] = factor * (g[unchecked: i] - meanOfG - normal * meanOfGX)
        }
      }
    }
  }
}

extension BatchNormShape {
  /// scale weight of every channel.
  fileprivate func factors(_ scales: Span<Float>, _ weight: Span<Float>) -> [Float] {
    (0..<channels).map { scales[$0] * (weight.isEmpty ? 1 : weight[$0]) }
  }
}
