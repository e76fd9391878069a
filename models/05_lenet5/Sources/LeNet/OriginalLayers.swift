import Engine
import Utils

/// Each square of four numbers becomes their sum times a trained coefficient, plus a trained bias; both are shared by a map.
///
/// LeCun et al. 1998, §II.B, layers S2 and S4: an ancestor of pooling.
final class Subsampling: Layer {
  let coefficient, bias: Parameter

  /// A layer for `channels` maps.
  init(_ channels: Int, using random: inout RandomStream) {
    coefficient = Parameter(.startingValues([channels], fan: 4, using: &random))
    bias = Parameter(.startingValues([channels], fan: 4, using: &random))
  }

  /// Maps of half the size: [N, C, H, W] to [N, C, H / 2, W / 2].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let shape: Shape = [coefficient.shape[0], 1, 1]  // [C, 1, 1]
    let sums = avgPool2d(x, 2, divisor: 1)
    return sums * coefficient.value.reshaped(to: shape) + bias.value.reshaped(to: shape)
  }
}

/// A convolution whose maps each see only some of the maps below.
///
/// LeCun et al. 1998, §II.B, layer C3 and table I: fewer connections, and maps that have to learn different things because
/// they see different inputs.
final class PartialConvolution: Layer {
  let weight, bias: Parameter
  private let kernelOf: IndexTensor
  private let inputs: Int

  /// A layer with a kernel for each entry of `table`.
  ///
  /// - Parameter table: for each output map, the input maps that it sees.
  init(table: [[Int]], kernel: Int, using random: inout RandomStream) {
    let inputs = 1 + (table.joined().max() ?? 0)
    let area = kernel * kernel
    weight = Parameter(
      concatenate(
        table.map { .startingValues([$0.count, kernel, kernel], fan: $0.count * area, using: &random) },
        along: 0))
    bias = Parameter(
      concatenate(table.map { .startingValues([1], fan: $0.count * area, using: &random) }, along: 0))
    // A pair that is not in the table takes the kernel after the last one, which is all zeros.
    let places = table.enumerated().flatMap { map, seen in seen.map { map * inputs + $0 } }
    var kernelOf = [Int32](repeating: Int32(places.count), count: table.count * inputs)
    for (number, place) in places.enumerated() { kernelOf[place] = Int32(number) }
    self.kernelOf = IndexTensor(kernelOf)
    self.inputs = inputs
  }

  /// [N, C, H, W] to [N, O, H - kernel + 1, W - kernel + 1].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let (outputs, kernel) = (bias.shape[0], weight.shape[1])
    let dense = weight.value.padded(along: 0, before: 0, after: 1).selected(along: 0, at: kernelOf)
    return conv2d(x, dense.reshaped(to: [outputs, inputs, kernel, kernel]), bias.value)
  }
}

/// Euclidean radial basis units: how far the input is from each of some fixed points.
///
/// LeCun et al. 1998, eq. 7: y_i = sum_j (x_j - w_ij)^2.
final class DistanceOutputs: Layer {
  let centers: Buffer

  /// A unit for each of `centers` [K, D].
  init(_ centers: [[Float]]) {
    self.centers = Buffer(Tensor(centers.flatMap(\.self), shape: [centers.count, centers[0].count]))
  }

  /// -y, so that the nearest centre has the largest score: [N, D] to [N, K].
  func callAsFunction(_ x: Tensor) -> Tensor {
    -square(x.reshaped(to: [x.shape[0], 1, x.shape[1]]) - centers.tensor).sum(over: 2)
  }
}

extension Loss {
  /// The maximum a posteriori criterion, eq. 9: the mean of y_D + log(exp(-j) + sum_i exp(-y_i)), D the right class.
  ///
  /// It is the cross entropy of the scores -y and of one class more, "rubbish", whose score is always -j: what is further
  /// from all digits than j pushes none of them away any more. The paper does not tell its j; here it is 1.
  static let maximumAPosteriori = Loss("map") { scores, labels in
    let rubbish = Tensor(repeating: -1, shape: [scores.shape[0], 1])
    return crossEntropy(concatenate([scores, rubbish], along: 1), labels)
  }
}
