import Engine
import Utils

/// What happens to a sample's numbers before a network sees them; a value that a checkpoint stores and applies again.
public enum Preprocessing: Equatable, Sendable {
  /// Nothing.
  case none
  /// Each feature by its own mean and deviation, fitted on the training part.
  case standardized(Standardizer)
  /// Each image channel by a published mean and deviation.
  case normalized(Normalization)

  /// As JSON: an object whose `kind` is `none`, `standardize` or `normalize`.
  public var json: JSONValue {
    switch self {
    case .none: ["kind": "none"]
    case .standardized(let standardizer):
      [
        "kind": "standardize", "means": .floats(standardizer.means),
        "deviations": .floats(standardizer.deviations),
      ]
    case .normalized(let normalization):
      [
        "kind": "normalize", "means": .floats(normalization.means),
        "deviations": .floats(normalization.deviations),
      ]
    }
  }

  /// What `json` describes; throws when it was not written by this type.
  public init(json: JSONValue) throws {
    switch json["kind"]?.string {
    case "none": self = .none
    case "standardize":
      let (means, deviations) = try Self.statistics(json, smallest: 0)
      self = .standardized(Standardizer(means: means, deviations: deviations))
    case "normalize":
      let (means, deviations) = try Self.statistics(json, smallest: .leastNormalMagnitude)
      self = .normalized(Normalization(means: means, deviations: deviations))
    default: throw Self.damaged("its kind is none of none, standardize, normalize")
    }
  }

  /// Traps unless samples of `shape` can go through.
  func check(_ shape: Shape) {
    switch self {
    case .none: break
    case .standardized(let standardizer):
      precondition(
        standardizer.means.count == shape.elementCount,
        "a standardizer of \(standardizer.means.count) features does not fit samples of shape \(shape)")
    case .normalized(let normalization):
      precondition(
        shape.count > 0 && normalization.means.count == shape[0],
        "a normalization of \(normalization.means.count) channels does not fit samples of shape \(shape)")
    }
  }

  /// Changes the numbers of whole samples of `shape`, one after the other, in place.
  public func apply(to numbers: inout MutableSpan<Float>, shape: Shape) {
    switch self {
    case .none: break
    case .standardized(let standardizer): standardizer.affine.apply(to: &numbers, blockLength: 1)
    case .normalized(let normalization):
      normalization.affine.apply(to: &numbers, blockLength: shape.elementCount / max(shape[0], 1))
    }
  }

  private static func statistics(_ json: JSONValue, smallest: Float) throws -> ([Float], [Float]) {
    func floats(_ key: String) throws -> [Float] {
      guard let values = json[key]?.array else { throw damaged("\(key) are missing") }
      return try values.map { value in
        guard let number = value.double.map(Float.init), number.isFinite else {
          throw damaged("\(key) are not numbers")
        }
        return number
      }
    }
    let (means, deviations) = (try floats("means"), try floats("deviations"))
    guard !means.isEmpty, means.count == deviations.count, deviations.allSatisfy({ $0 >= smallest }) else {
      throw damaged("means and deviations do not fit each other")
    }
    return (means, deviations)
  }

  private static func damaged(_ what: String) -> LabError {
    LabError(.checkpoint, "the stored preprocessing is damaged: \(what)", remedy: "use another checkpoint")
  }
}

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
    precondition(means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    self.means = means
    self.deviations = deviations
  }

  /// Statistics of the samples of `training`, computed in double precision in two passes.
  public init(fitting training: Dataset) {
    precondition(training.count > 0, "\(training.name) has no samples to fit a standardizer on")
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
    }
    means = sums.map { Float($0 * scale) }
    deviations = zip(sums, squares).map { mean, square in
      let deviation = (square / Double(training.count)).squareRoot()
      let rounding = 1e-7 * abs(mean)  // a constant does not vary by the rounding of its mean
      return deviation <= rounding ? 0 : Float(deviation * scale)
    }
  }

  fileprivate var affine: Affine {
    Affine(means: means, factors: deviations.map { $0 > 0 ? 1 / $0 : 0 })
  }
}

/// Brings every channel of an image near mean 0 and deviation 1 by published numbers: y = (x - mean) / deviation.
public struct Normalization: Equatable, Sendable {
  /// The mean of each channel, of pixels from 0 to 1.
  public let means: [Float]
  /// The standard deviation of each channel, above 0.
  public let deviations: [Float]

  /// A normalisation by these statistics, one a channel.
  public init(means: [Float], deviations: [Float]) {
    precondition(means.count == deviations.count, "\(means.count) means, \(deviations.count) deviations")
    precondition(deviations.allSatisfy { $0 > 0 }, "a standard deviation is above 0, in \(deviations)")
    self.means = means
    self.deviations = deviations
  }

  /// The statistics of MNIST's training images, as everybody uses them.
  public static let mnist = Normalization(means: [0.1307], deviations: [0.3081])

  /// The statistics of Fashion-MNIST's training images.
  public static let fashionMNIST = Normalization(means: [0.2860], deviations: [0.3530])

  /// The statistics of ImageNet's training images: red, green, blue.
  public static let imageNet = Normalization(
    means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225])

  fileprivate var affine: Affine { Affine(means: means, factors: deviations.map { 1 / $0 }) }
}

/// y = (x - mean) * factor, a mean and a factor for each block of numbers, over and over.
private struct Affine {
  let means: [Float]
  let factors: [Float]

  func apply(to numbers: inout MutableSpan<Float>, blockLength: Int) {
    let (means, factors) = (means.span, factors.span)
    let sampleLength = means.count * blockLength
    guard sampleLength > 0 else { return }
    precondition(
      numbers.count % sampleLength == 0, "\(numbers.count) numbers are no samples of \(sampleLength)")
    var start = 0
    while start < numbers.count {
      for block in 0..<means.count {
        let (mean, factor) = (means[block], factors[block])
        for position in start..<start + blockLength {
          numbers[position] = (numbers[position] - mean) * factor
        }
        start += blockLength
      }
    }
  }
}

extension JSONValue {
  fileprivate static func floats(_ values: [Float]) -> JSONValue {
    .array(values.map { .number(Double($0)) })
  }
}
