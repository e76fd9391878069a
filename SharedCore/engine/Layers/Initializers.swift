import Foundation
import Utils

/// How much an activation shrinks a signal, and so by what its weights are widened.
///
/// The values that PyTorch's `calculate_gain` recommends.
public struct Gain: Sendable {
  /// The factor of the standard deviation.
  public let value: Double

  /// A factor of one's own.
  public init(_ value: Double) { self.value = value }

  /// 1: no activation, a convolution, or a sigmoid.
  public static let linear = Gain(1)
  /// sqrt 2.
  public static let relu = Gain(2.0.squareRoot())
  /// 5/3.
  public static let tanh = Gain(5.0 / 3)
  /// 3/4.
  public static let selu = Gain(0.75)
  /// sqrt(2 / (1 + slope^2)).
  public static func leakyRelu(slope: Double = 0.01) -> Gain { Gain((2 / (1 + slope * slope)).squareRoot()) }
}

extension Tensor {
  /// Uniform with variance gain^2 / fan: He et al. 2015, §2.2, without the normal distribution.
  public static func heUniform(
    _ shape: Shape, fan: Fan = .inputs, gain: Gain = .relu, using random: inout RandomStream
  ) -> Tensor {
    let bound = gain.value * (3 / Double(Swift.max(fan.count(shape, "heUniform"), 1))).squareRoot()
    return .uniform(-bound..<bound, shape: shape, using: &random)
  }

  /// Normally distributed with variance gain^2 / fan, for other activations than ReLU.
  public static func heNormal(
    _ shape: Shape, fan: Fan, gain: Gain, using random: inout RandomStream
  ) -> Tensor {
    let deviation = gain.value / Double(Swift.max(fan.count(shape, "heNormal"), 1)).squareRoot()
    return .normal(deviation: deviation, shape: shape, using: &random)
  }

  /// Normally distributed with variance 2 gain^2 / (inputs + outputs): Glorot and Bengio 2010, §4.2.1.
  public static func glorotNormal(
    _ shape: Shape, gain: Gain = .linear, using random: inout RandomStream
  ) -> Tensor {
    let both = Fan.inputs.count(shape, "glorotNormal") + Fan.outputs.count(shape, "glorotNormal")
    let deviation = gain.value * (2 / Double(Swift.max(both, 1))).squareRoot()
    return .normal(deviation: deviation, shape: shape, using: &random)
  }

  /// Normally distributed numbers of which those outside of `range` are drawn again.
  ///
  /// The range is of the numbers themselves, not of deviations; traps where it holds less than a thousandth of them.
  public static func truncatedNormal(
    mean: Double = 0, deviation: Double = 1, in range: ClosedRange<Double> = -2...2, shape: Shape,
    using random: inout RandomStream
  ) -> Tensor {
    func share(below x: Double) -> Double { (1 + erf((x - mean) / (deviation * 2.0.squareRoot()))) / 2 }
    require(
      deviation > 0 && share(below: range.upperBound) - share(below: range.lowerBound) > 1e-3,
      "truncatedNormal: \(range) holds next to nothing of mean \(mean), deviation \(deviation)")
    return Tensor(shape: shape) { span in
      for i in 0..<span.count {
        var x = mean + deviation * random.normal()
        while !range.contains(x) { x = mean + deviation * random.normal() }
        span[i] = Float(x)
      }
    }
  }

  /// Rows, or columns where there are fewer, that stand at right angles and have the length `gain`.
  ///
  /// Saxe, McClelland and Ganguli, "Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks",
  /// 2014. Random vectors made orthogonal one after the other (Gram and Schmidt, twice each, in double precision), which
  /// is evenly distributed over all rotations.
  ///
  /// - Parameter shape: [O, ...], looked at as [O, everything else].
  public static func orthogonal(_ shape: Shape, gain: Gain = .linear, using random: inout RandomStream)
    -> Tensor
  {
    require(shape.count >= 2, "orthogonal: weights [O, ...] are needed, not \(shape)")
    let (rows, columns) = (shape[0], shape.product(of: 1..<shape.count))
    let (count, length) = (Swift.min(rows, columns), Swift.max(rows, columns))
    var vectors: [[Double]] = []
    while vectors.count < count {
      var x = (0..<length).map { _ in random.normal() }
      for _ in 0..<2 {
        for earlier in vectors {
          let along = zip(x, earlier).reduce(0) { $0 + $1.0 * $1.1 }
          for i in x.indices { x[i] -= along * earlier[i] }
        }
      }
      let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-6 { vectors.append(x.map { $0 / norm }) }  // else it lay among the others: draw again
    }
    return Tensor(shape: shape) { w in
      for r in 0..<rows {
        for c in 0..<columns {
          w[r * columns + c] = Float(gain.value * (rows <= columns ? vectors[r][c] : vectors[c][r]))
        }
      }
    }
  }

  /// A convolution that passes each channel on unchanged: 1 in the middle of a kernel from a channel to its like.
  ///
  /// - Parameters:
  ///   - shape: [O, C / groups, K, ...].
  ///   - groups: within each, output o takes channel o; further outputs get nothing.
  public static func dirac(_ shape: Shape, groups: Int = 1) -> Tensor {
    require(
      shape.count >= 3 && groups >= 1 && shape[0] % groups == 0,
      "dirac: weights [O, C, K, ...] with O a multiple of \(groups) are needed, not \(shape)")
    let (outputs, kernel) = (shape[0] / groups, Array(shape.dropFirst(2)))
    let middle = kernel.reduce(0) { $0 * $1 + $1 / 2 }
    let size = kernel.reduce(1, *)
    return Tensor(shape: shape) { w in
      for i in 0..<w.count { w[i] = 0 }
      for g in 0..<groups {
        for o in 0..<Swift.min(outputs, shape[1]) {
          w[((g * outputs + o) * shape[1] + o) * size + middle] = 1
        }
      }
    }
  }

  /// A matrix of normally distributed numbers in whose columns a share is 0 (Martens 2010, §5).
  ///
  /// - Parameter sparsity: the share of every column that is 0, rounded up to a whole number of rows.
  public static func sparse(
    _ shape: Shape, sparsity: Double, deviation: Double = 0.01, using random: inout RandomStream
  ) -> Tensor {
    require(
      shape.count == 2 && (0...1).contains(sparsity),
      "sparse: a matrix and a share of 0...1 are needed, got \(shape) and \(sparsity)")
    let (rows, columns) = (shape[0], shape[1])
    let zeros = Int((sparsity * Double(rows)).rounded(.up))
    return Tensor(shape: shape) { w in
      for i in 0..<w.count { w[i] = Float(deviation * random.normal()) }
      for c in 0..<columns {
        for row in random.permutation(of: rows).prefix(zeros) { w[row * columns + c] = 0 }
      }
    }
  }

  /// 1 on the diagonal of a matrix, 0 elsewhere.
  public static func identity(_ rows: Int, _ columns: Int) -> Tensor {
    Tensor(shape: [rows, columns]) { w in
      for i in 0..<w.count { w[i] = i / Swift.max(columns, 1) == i % Swift.max(columns, 1) ? 1 : 0 }
    }
  }
}
