import Foundation

/// Where the true share lies with 95 % confidence when a share of some samples was observed.
///
/// Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927. With the observed share p, n samples
/// and z = 1.96:
/// ```
/// (p + z²/2n ± z sqrt(p (1 - p)/n + z²/4n²)) / (1 + z²/n)
/// ```
public struct ShareInterval: Equatable, Sendable {
  /// Both ends, from 0 to 1.
  public let lower, upper: Double

  /// The interval of an observed `share` of `count` samples; nil without samples or where it is no share.
  public init?(_ share: Double, of count: Int) {
    guard count > 0, (0...1).contains(share) else { return nil }
    let (z, n) = (1.959963984540054, Double(count))
    let middle = share + z * z / (2 * n)
    let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    (lower, upper) = (max(0, (middle - reach) / scale), min(1, (middle + reach) / scale))
  }

  /// "0.11 to 0.32".
  public var text: String { String(format: "%.2f to %.2f", lower, upper) }
}
