import Kernels
import Utils

/// What batch normalisation measured and made of it.
public struct BatchNormResult: Sendable {
  /// The normalised input, of its shape.
  public let output: Tensor
  /// Mean and variance of every channel over the batch, [C]; the variance divides by the count.
  public let mean, variance: Tensor
}

/// Every channel normalised by its mean and variance over the batch: y = weight (x - mean) / sqrt(variance + epsilon) + bias.
///
/// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// 2015, §3.
///
/// Derivative, with x' the normalised x and m values a channel: dbias = sum g, dweight = sum g x',
/// dx = weight / sqrt(variance + epsilon) (g - dbias / m - x' dweight / m).
///
/// - Parameters:
///   - x: [N, C] or [N, C, ...]; traps when a channel has one value only, whose variance says nothing.
///   - weight: [C], or nil for ones.
///   - bias: [C], or nil for zeros.
public func batchNorm(
  _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, epsilon: Float = 1e-5
) -> BatchNormResult {
  let shape = BatchNormShape(x, weight, bias, "batchNorm")
  require(
    shape.valuesPerChannel != 1,
    "batchNorm: training needs more than one value a channel, got input \(x.shape)")
  let (mean, variance) = statistics(of: x, shape)
  let scale = inverseDeviation(variance, epsilon)
  let y = normalized(x, mean, scale, weight, bias, shape)
  let output = record(y, from: [x, weight, bias].compactMap { $0 }) { g in
    let g = g.arranged(in: x.order)
    let (dweight, dbias) = parameterGradients(g, x, mean, scale, shape)
    var gradients: [Tensor?] = [nil]
    if x.needsGradient {
      gradients[0] = Tensor(shape: x.shape, order: x.order) { dx in
        withSpans(g.memory, x.memory, mean, scale, weight) { g, x, mean, scale, weight in
          withSpans(dweight, dbias) {
            Kernels.chosen.channelNormInputGradient(
              g, x: x, means: mean, scales: scale, weight: weight, dweight: $0, dbias: $1, into: &dx, shape)
          }
        }
      }
    }
    if let weight { gradients.append(weight.needsGradient ? dweight : nil) }
    if let bias { gradients.append(bias.needsGradient ? dbias : nil) }
    return gradients
  }
  return BatchNormResult(output: output, mean: mean, variance: variance)
}

/// Every channel normalised by a mean and variance that were measured before: batch normalisation in use.
///
/// Derivative: dbias = sum g, dweight = sum g x', dx = g weight / sqrt(variance + epsilon); mean and variance are constants.
///
/// - Parameters:
///   - x: [N, C] or [N, C, ...].
///   - weight: [C], or nil for ones.
///   - bias: [C], or nil for zeros.
///   - mean: [C].
///   - variance: [C].
public func batchNorm(
  _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5
) -> Tensor {
  let shape = BatchNormShape(x, weight, bias, "batchNorm")
  require(
    mean.shape == [shape.channels] && variance.shape == mean.shape,
    "batchNorm: mean \(mean.shape) and variance \(variance.shape) do not fit input \(x.shape)")
  let scale = inverseDeviation(variance, epsilon)
  let y = normalized(x, mean, scale, weight, bias, shape)
  // Only what the gradients need is kept: not the input where weight and bias are frozen.
  let (ofX, order) = (x.needsGradient, x.order)
  let learning = [weight, bias].compactMap { $0?.needsGradient }
  let kept = learning.contains(true) ? x : nil
  return record(
    y, from: [x, weight, bias].compactMap { $0 },
    facts: .batchNorm(weight: weight, bias: bias, mean: mean, variance: variance, epsilon: epsilon)
  ) { g in
    let g = g.arranged(in: order)
    let zeros = Tensor(repeating: 0, shape: mean.shape)
    let dx = ofX ? normalized(g, zeros, scale, weight, nil, shape) : nil
    guard let kept else { return [dx] + learning.map { _ in nil } }
    let (dweight, dbias) = parameterGradients(g, kept, mean, scale, shape)
    let gradients = (weight == nil ? [] : [dweight]) + (bias == nil ? [] : [dbias])
    return [dx] + zip(learning, gradients).map { $0 ? $1 : nil }
  }
}

/// Mean and variance of every channel.
private func statistics(of x: Tensor, _ shape: BatchNormShape) -> (mean: Tensor, variance: Tensor) {
  var means = [Float](repeating: 0, count: shape.channels)
  let variance = Tensor(shape: [shape.channels]) { variances in
    var meanSpan = means.mutableSpan
    x.withMemory { Kernels.chosen.channelStatistics($0, means: &meanSpan, variances: &variances, shape) }
  }
  return (Tensor(means), variance)
}

/// 1 / sqrt(variance + epsilon).
private func inverseDeviation(_ variance: Tensor, _ epsilon: Float) -> Tensor {
  Tensor(shape: variance.shape) { scale in
    variance.withSpan { variance in
      for c in 0..<variance.count {
        scale[c] = Float(1 / (Double(variance[c]) + Double(epsilon)).squareRoot())
      }
    }
  }
}

/// weight (x - mean) scale + bias, not recorded.
private func normalized(
  _ x: Tensor, _ mean: Tensor, _ scale: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ shape: BatchNormShape
) -> Tensor {
  Tensor(shape: x.shape, order: x.order) { y in
    withSpans(x.memory, mean, scale, weight, bias) {
      Kernels.chosen.channelNorm($0, means: $1, scales: $2, weight: $3, bias: $4, into: &y, shape)
    }
  }
}

private func parameterGradients(
  _ g: Tensor, _ x: Tensor, _ mean: Tensor, _ scale: Tensor, _ shape: BatchNormShape
) -> (dweight: Tensor, dbias: Tensor) {
  var sums = [Float](repeating: 0, count: shape.channels)
  let dweight = Tensor(shape: [shape.channels]) { dweight in
    var dbias = sums.mutableSpan
    withSpans(g.memory, x.memory, mean, scale, nil) { g, x, mean, scale, _ in
      Kernels.chosen.channelNormParameterGradients(
        g, x: x, means: mean, scales: scale, weight: &dweight, bias: &dbias, shape)
    }
  }
  return (dweight, Tensor(sums))
}

extension BatchNormShape {
  /// x [N, C, ...] as it lies in memory: with the channels last each place is a sample of its own.
  init(_ x: Tensor) {
    let (channels, space) = (x.shape[1], x.shape.product(of: 2..<x.shape.count))
    if x.order == .channelsLast {
      self.init(batch: x.shape[0] * space, channels: channels, space: 1)
    } else {
      self.init(batch: x.shape[0], channels: channels, space: space)
    }
  }

  /// x [N, C, ...] with weights of its channels.
  fileprivate init(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ op: String) {
    require(x.shape.count >= 2, "\(op): the input is [N, C] or [N, C, ...], got \(x.shape)")
    let channels: Shape = [x.shape[1]]
    require(
      (weight?.shape ?? channels) == channels && (bias?.shape ?? channels) == channels,
      "\(op): weight \(weight?.shape.description ?? "none") and bias \(bias?.shape.description ?? "none") "
        + "do not fit input \(x.shape)")
    self.init(x)
  }
}
