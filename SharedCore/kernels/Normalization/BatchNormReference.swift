import Foundation

extension NormalizationKernels {
  /// mean = sum x / (N S), variance = sum (x - mean)^2 / (N S), of each channel.
  ///
  /// Two passes a channel, as in `rowNorm`; a channel lies in N pieces of S numbers, and channel after channel needs two
  /// sums at a time. 5 operations a number.
  public func channelStatistics(
    _ x: Span<Float>, means: inout MutableSpan<Float>, variances: inout MutableSpan<Float>,
    _ shape: BatchNormShape
  ) {
    let count = Double(max(shape.valuesPerChannel, 1))
    for c in 0..<shape.channels {
      var (mean, variance) = (0.0, 0.0)
      for n in 0..<shape.batch { for i in shape.piece(n, c) { mean += Double(x[i]) / count } }
      for n in 0..<shape.batch {
        for i in shape.piece(n, c) {
          let distance = Double(x[i]) - mean
          variance += distance * distance / count
        }
      }
      means[c] = Float(mean)
      variances[c] = Float(variance)
    }
  }

  /// y = (x - mean) scale weight + bias, piece after piece in order of memory: 4 operations a number.
  public func channelNorm(
    _ x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>, bias: Span<Float>,
    into y: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        let (factor, added) = (weight.isEmpty ? 1 : weight[c], bias.isEmpty ? 0 : bias[c])
        for i in shape.piece(n, c) { y[i] = (x[i] - means[c]) * scales[c] * factor + added }
      }
    }
  }

  /// dweight = sum g x', dbias = sum g, with x' = (x - mean) scale: two sums a channel, 5 operations a number.
  public func channelNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    for c in 0..<shape.channels {
      var (sum, product) = (0.0, 0.0)
      for n in 0..<shape.batch {
        for i in shape.piece(n, c) {
          sum += Double(g[i])
          product += Double(g[i] * ((x[i] - means[c]) * scales[c]))
        }
      }
      dweight[c] = Float(product)
      dbias[c] = Float(sum)
    }
  }

  /// dx = scale weight (g - dbias / (N S) - x' dweight / (N S)), in order of memory: about 8 operations a number.
  ///
  /// The two means are there because x' itself depends on every x of the channel.
  public func channelNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>,
    dweight: Span<Float>, dbias: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: BatchNormShape
  ) {
    let count = Float(shape.valuesPerChannel)
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        let factor = scales[c] * (weight.isEmpty ? 1 : weight[c])
        for i in shape.piece(n, c) {
          let normal = (x[i] - means[c]) * scales[c]
          dx[i] = factor * (g[i] - dbias[c] / count - normal * (dweight[c] / count))
        }
      }
    }
  }

  /// y = x / s^beta with s = k + alpha / size times the sum of x^2 over the neighbouring channels.
  ///
  /// A sum and a power for each number, 2 N C S size operations; neighbours lie S numbers apart.
  public func localResponseNorm(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, divisors s: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape
  ) {
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        for i in shape.piece(n, c) {
          var sum: Float = 0
          for other in norm.neighbours(of: c, channels: shape.channels) {
            let value = x[i + (other - c) * shape.space]
            sum += value * value
          }
          s[i] = norm.k + norm.alpha / Float(norm.size) * sum
          y[i] = x[i] * pow(s[i], -norm.beta)
        }
      }
    }
  }

  /// dx = g s^-beta - 2 alpha beta / size x sum of g x s^(-beta-1) over the channels that see this one.
  ///
  /// The same walk, with a power for each neighbour. A number acts on its own
  /// result, and on those of every channel that has it in its sum.
  public func localResponseNormGradient(
    _ g: Span<Float>, x: Span<Float>, divisors s: Span<Float>, into dx: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape
  ) {
    let factor = 2 * norm.alpha * norm.beta / Float(norm.size)
    for n in 0..<shape.batch {
      for c in 0..<shape.channels {
        for i in shape.piece(n, c) {
          var sum: Float = 0
          for other in norm.observers(of: c, channels: shape.channels) {
            let j = i + (other - c) * shape.space
            sum += g[j] * x[j] * pow(s[j], -norm.beta - 1)
          }
          dx[i] = g[i] * pow(s[i], -norm.beta) - factor * x[i] * sum
        }
      }
    }
  }
}

extension BatchNormShape {
  /// Where the numbers of one channel of one sample lie.
  func piece(_ n: Int, _ c: Int) -> Range<Int> {
    let start = (n * channels + c) * space
    return start..<start + space
  }
}
