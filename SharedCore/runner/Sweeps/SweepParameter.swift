import Foundation
import Utils

/// A setting that a sweep changes, and what it may become.
struct SweepParameter: Equatable {
  /// How the values lie.
  enum Distribution: Equatable {
    case constant(String)
    /// With a probability for each value; none where all are equally likely.
    case categorical([String], probabilities: [Double])
    /// Every whole number of a range is equally likely.
    case wholes(ClosedRange<Int>)
    case uniform(Double, Double)
    /// The natural logarithm lies between two numbers, every place equally likely.
    case logUniform(Double, Double)
    case normal(mean: Double, deviation: Double)
    case logNormal(mean: Double, deviation: Double)
    case beta(Double, Double)
  }

  /// The setting's key.
  let key: String
  /// Where it stands in the file, for a sentence.
  let source: String
  let distribution: Distribution
  /// Values are rounded to its multiples; nil for none.
  var step: Double?

  /// Every value that a grid takes; nil where they cannot be counted.
  ///
  /// Of a rounded range those below its end, as `numpy.arange` counts.
  var grid: [String]? {
    switch distribution {
    case .constant(let value): return [value]
    case .categorical(let values, let probabilities): return probabilities.isEmpty ? values : nil
    case .wholes(let range): return range.count <= StudyRequest.mostRuns ? range.map(String.init) : nil
    case .uniform(let low, let high):
      guard let step, (high - low) / step <= Double(StudyRequest.mostRuns) else { return nil }
      let values = stride(from: low, to: high, by: step).map(Self.text)
      return values.isEmpty ? nil : values
    default: return nil
    }
  }

  /// A value by chance, as it would be typed.
  func draw(using random: inout RandomStream) -> String {
    switch distribution {
    case .constant(let value): return value
    case .categorical(let values, let probabilities):
      guard !probabilities.isEmpty else { return values[random.index(below: values.count)] }
      var rest = random.uniform() * probabilities.reduce(0, +)
      let place = probabilities.firstIndex { probability in
        rest -= probability
        return rest < 0
      }
      return values[place ?? probabilities.lastIndex { $0 > 0 } ?? 0]
    case .wholes(let range): return "\(range.lowerBound + random.index(below: range.count))"
    case .uniform(let low, let high): return rounded(low + random.uniform() * (high - low))
    case .logUniform(let low, let high): return rounded(exp(low + random.uniform() * (high - low)))
    case .normal(let mean, let deviation): return rounded(mean + deviation * random.normal())
    case .logNormal(let mean, let deviation): return rounded(exp(mean + deviation * random.normal()))
    case .beta(let a, let b): return rounded(random.beta(a, b))
    }
  }

  private func rounded(_ value: Double) -> String {
    Self.text(step.map { (value / $0).rounded(.toNearestOrEven) * $0 } ?? value)
  }

  /// Six significant digits: what is printed is what is trained with.
  private static func text(_ value: Double) -> String {
    abs(value) < 1e15 && value == value.rounded() ? "\(Int(value))" : String(format: "%.6g", value)
  }
}
