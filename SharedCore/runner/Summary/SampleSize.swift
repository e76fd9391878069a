import Engine
import Utils

/// The shape of a sample as a person types it: `3x224x224`.
public enum SampleSize {
  /// The most numbers that a sample may have here: a picture of 3 x 2300 x 2300, whose activations are gigabytes.
  static let limit = 16_000_000

  /// Reads the sizes, outermost first; throws a `LabError` of what is no shape, empty or too large.
  public static func parse(_ text: String) throws -> Shape {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, (1...7).contains(sizes.count), sizes.allSatisfy({ $0 >= 1 }) else {
      throw LabError(
        .usage, "--input \(text) is no shape of a sample",
        remedy: "give sizes from 1 on with an x between them, channels first, such as 3x224x224")
    }
    let count = sizes.reduce(into: 1) { $0 = $0 > limit ? $0 : min($1, limit + 1) * $0 }
    guard count <= limit else {
      throw LabError(
        .usage, "--input \(text) has more than \(grouped(limit)) numbers", remedy: "give a smaller sample")
    }
    return Shape(sizes)
  }
}
