import Kernels
import Utils

/// Every row normalised by its own mean and variance: y = weight (x - mean) / sqrt(variance + epsilon) + bias.
///
/// Ba, Kiros, Hinton, "Layer Normalization", 2016, §3. A row of equal numbers becomes the bias.
///
/// Derivative, with x' the normalised x and h = g weight: dx = (h - mean(h) - x' mean(h x')) / sqrt(variance + epsilon),
/// dweight = sum g x', dbias = sum g, over the rows.
///
/// - Parameters:
///   - x: [..., D], its last `dimensions` dimensions being one row.
///   - weight: of the row's shape, or nil for ones.
///   - bias: of the row's shape, or nil for zeros.
///   - dimensions: how many dimensions a row has.
public func layerNorm(
  _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, over dimensions: Int = 1, epsilon: Float = 1e-5
) -> Tensor {
  let shape = RowNormShape(lastOf: x, dimensions, weight, bias, epsilon, isCentred: true, "layerNorm")
  return rowNorm(
    x, weight, bias, shape,
    facts: .layerNorm(weight: weight, bias: bias, dimensions: dimensions, epsilon: epsilon))
}

/// Every row divided by the root of its mean square: y = weight x / sqrt(mean(x^2) + epsilon).
///
/// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, §4.
///
/// Derivative, with x' the normalised x and h = g weight: dx = (h - x' mean(h x')) / sqrt(mean(x^2) + epsilon),
/// dweight = sum g x' over the rows.
///
/// - Parameters:
///   - x: [..., D], its last `dimensions` dimensions being one row.
///   - weight: of the row's shape, or nil for ones.
///   - dimensions: how many dimensions a row has.
///   - epsilon: the distance from 1 to the next number when nothing else is said, as in PyTorch.
public func rmsNorm(
  _ x: Tensor, _ weight: Tensor?, over dimensions: Int = 1, epsilon: Float = .ulpOfOne
) -> Tensor {
  let shape = RowNormShape(lastOf: x, dimensions, weight, nil, epsilon, isCentred: false, "rmsNorm")
  return rowNorm(x, weight, nil, shape)
}

/// The channels of each sample in groups, every group normalised by its own mean and variance.
///
/// Wu and He, "Group Normalization", 2018, §3. Derivative: as `layerNorm`, a group with its space being the row and a
/// channel's weight shared by its space.
///
/// - Parameters:
///   - x: [N, C] or [N, C, ...]; traps when there is one value in all.
///   - groups: how many; C must be a multiple.
///   - weight: [C], or nil for ones.
///   - bias: [C], or nil for zeros.
public func groupNorm(
  _ x: Tensor, groups: Int, _ weight: Tensor?, _ bias: Tensor?, epsilon: Float = 1e-5
) -> Tensor {
  let shape = RowNormShape(channelsOf: x, groups: groups, weight, bias, epsilon, "groupNorm")
  require(
    shape.rows / groups * shape.width != 1,
    "groupNorm: more than one value a group is needed, got input \(x.shape) and \(groups) groups")
  return rowNorm(x, weight, bias, shape)
}

/// Every channel of each sample normalised by its own mean and variance: group norm with a group a channel.
///
/// Ulyanov, Vedaldi, Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.
///
/// - Parameters:
///   - x: [N, C, ...]; traps when a channel has one value.
///   - weight: [C], or nil for ones.
///   - bias: [C], or nil for zeros.
public func instanceNorm(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, epsilon: Float = 1e-5) -> Tensor {
  require(x.shape.count >= 3, "instanceNorm: the input is [N, C, ...], got \(x.shape)")
  let shape = RowNormShape(channelsOf: x, groups: x.shape[1], weight, bias, epsilon, "instanceNorm")
  require(shape.width != 1, "instanceNorm: more than one place of space is needed, got input \(x.shape)")
  return rowNorm(x, weight, bias, shape)
}

private func rowNorm(
  _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ shape: RowNormShape,
  facts: @autoclosure () -> OperationFacts? = nil, function: StaticString = #function
) -> Tensor {
  var (means, scales) = ([Float](repeating: 0, count: shape.rows), [Float](repeating: 0, count: shape.rows))
  let y = Tensor(shape: x.shape) { y in
    var meanSpan = means.mutableSpan
    var scaleSpan = scales.mutableSpan
    withSpans(x, weight, bias) {
      Kernels.chosen.rowNorm($0, weight: $1, bias: $2, into: &y, means: &meanSpan, scales: &scaleSpan, shape)
    }
  }
  return record(y, from: [x, weight, bias].compactMap { $0 }, function: function, facts: facts()) {
    [means, scales] g in
    var gradients: [Tensor?] = [nil]
    if x.needsGradient {
      gradients[0] = Tensor(shape: x.shape) { dx in
        withSpans(g, x, weight) {
          Kernels.chosen.rowNormInputGradient(
            $0, x: $1, weight: $2, means: means.span, scales: scales.span, into: &dx, shape)
        }
      }
    }
    guard weight?.needsGradient == true || bias?.needsGradient == true else {
      return gradients + [weight, bias].compactMap { $0 }.map { _ in nil }
    }
    var sums = [Float](repeating: 0, count: bias?.count ?? 0)
    let dweight = Tensor(shape: weight?.shape ?? [shape.weightCount]) { dweight in
      var dbias = sums.mutableSpan
      withSpans(g, x) {
        Kernels.chosen.rowNormParameterGradients(
          $0, x: $1, means: means.span, scales: scales.span, weight: &dweight, bias: &dbias, shape)
      }
    }
    if let weight { gradients.append(weight.needsGradient ? dweight : nil) }
    if let bias { gradients.append(bias.needsGradient ? Tensor(sums, shape: bias.shape) : nil) }
    return gradients
  }
}

extension RowNormShape {
  /// Rows of the last dimensions of x, a weight for each number of a row.
  fileprivate init(
    lastOf x: Tensor, _ dimensions: Int, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Float,
    isCentred: Bool, _ op: String
  ) {
    require(
      1...max(x.shape.count, 1) ~= dimensions && !x.shape.isEmpty,
      "\(op): \(x.shape) has no \(dimensions) last dimensions")
    let first = x.shape.count - dimensions
    let row = Shape(x.shape[first...])
    require(
      (weight?.shape ?? row) == row && (bias?.shape ?? row) == row,
      "\(op): weight \(weight?.shape.description ?? "none") and bias \(bias?.shape.description ?? "none") "
        + "do not fit rows of \(x.shape)")
    self.init(
      rows: x.shape.product(of: 0..<first), width: row.elementCount, isCentred: isCentred, epsilon: epsilon)
  }

  /// Rows of C / groups channels with their space, a weight for each channel.
  fileprivate init(
    channelsOf x: Tensor, groups: Int, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Float, _ op: String
  ) {
    require(
      x.shape.count >= 2 && groups >= 1 && x.shape[1] >= 1 && x.shape[1] % groups == 0,
      "\(op): the channels of input \(x.shape) do not make \(groups) groups")
    let channels: Shape = [x.shape[1]]
    require(
      (weight?.shape ?? channels) == channels && (bias?.shape ?? channels) == channels,
      "\(op): weight \(weight?.shape.description ?? "none") and bias \(bias?.shape.description ?? "none") "
        + "do not fit input \(x.shape)")
    let space = x.shape.product(of: 2..<x.shape.count)
    self.init(
      rows: x.shape[0] * groups, width: x.shape[1] / groups * space, cycle: groups, shared: space,
      epsilon: epsilon)
  }
}
