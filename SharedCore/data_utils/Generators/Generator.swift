import Foundation
import Engine
import Utils

/// Small two-dimensional problems made from a seed: the same seed gives the same points on every run.
///
/// Classes alternate, so that any beginning of a set is balanced too. `noise` is the standard deviation of the Gaussian
/// noise on both coordinates unless a generator says otherwise.
public enum Generator {
  static func points(
    _ name: String, classes: [String], count: Int, noise: Double, seed: UInt64,
    _ point: (Int, inout RandomStream) -> (x: Double, y: Double, label: Int32)
  ) -> Dataset {
    require(count > 0, "\(name): \(count) samples cannot be made")
    require(noise >= 0 && noise.isFinite, "\(name): noise is 0 or more, not \(noise)")
    var stream = RandomStream(seed: seed, purpose: "data " + name)
    var numbers: [Float] = []
    var labels: [Int32] = []
    numbers.reserveCapacity(2 * count)
    labels.reserveCapacity(count)
    for index in 0..<count {
      let (x, y, label) = point(index, &stream)
      numbers.append(Float(x))
      numbers.append(Float(y))
      labels.append(label)
    }
    return Dataset(
      name: name, sampleShape: [2], features: .floats(numbers), labels: labels, classNames: classes,
      featureNames: ["x1", "x2"])
  }
}
