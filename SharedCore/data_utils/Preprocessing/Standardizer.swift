import Utils

/// Brings every feature to mean 0 and standard deviation 1: y = (x - mean) / deviation.
///
/// Fitted on the training part only; the other parts go through the same numbers. A feature that never varied in
/// training becomes 0 everywhere, because nothing can have been learned from it.
public struct Standardizer: Equatable, Sendable {
  /// The mean of each feature.
  public let means: [Float]
  /// The standard deviation of each feature (of the population, as scikit-learn's StandardScaler), 0 where constant.
  public let deviations: [Float]

  /// A standardizer with these statistics, one a feature; deviations are not negative.
  public init(means: [Float], deviations: [Float]) {
    require(means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    self.means = means
    self.deviations = deviations
  }

  /// Statistics of the samples of `training`, computed in double precision in two passes; traps for images on disk, which
  /// are brought `inMemory()` before.
  public init(fitting training: Dataset) {
    require(training.count > 0, "\(training.name) has no samples to fit a standardizer on")
    let width = training.sampleShape.elementCount
    let scale: Double
    var sums = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    func measure<Number>(_ values: [Number], _ number: (Number) -> Double) {
      for row in stride(from: 0, to: values.count, by: width) {
        for column in 0..<width { sums[column] += number(values[row + column]) }
      }
      for column in 0..<width { sums[column] /= Double(training.count) }
      for row in stride(from: 0, to: values.count, by: width) {
        for column in 0..<width {
          let difference = number(values[row + column]) - sums[column]
          squares[column] += difference * difference
        }
      }
    }
    switch training.features {
    case .floats(let values):
      scale = 1
      measure(values, Double.init)
    case .bytes(let values, let maximum):
      scale = 1 / Double(maximum)
      measure(values, Double.init)
    case .images, .made: trap("the samples of \(training.name) are not in memory")
    }
    means = sums.map { Float($0 * scale) }
    deviations = zip(sums, squares).map { mean, square in
      let deviation = (square / Double(training.count)).squareRoot()
      let rounding = 1e-7 * abs(mean)  // a constant does not vary by the rounding of its mean
      return deviation <= rounding ? 0 : Float(deviation * scale)
    }
  }

  var affine: Affine {
    Affine(means: means, factors: deviations.map { $0 > 0 ? 1 / $0 : 0 })
  }
}
