import Foundation
import Utils

/// How numbers become places along an axis.
struct Scale {
  let range: ClosedRange<Double>
  let isLogarithmic: Bool

  /// A scale over exactly `range`, which must be finite, not empty, and above 0 when logarithmic.
  init(_ range: ClosedRange<Double>, isLogarithmic: Bool = false) {
    require(
      range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound
        && (!isLogarithmic || range.lowerBound > 0), "a scale over \(range)")
    self.range = range
    self.isLogarithmic = isLogarithmic
  }

  /// A scale that shows every finite value of `values` (above 0 when logarithmic), with a `margin` of its length at
  /// both ends; around a single value, or from 0 to 1 for none, it still has a length.
  init(fitting values: some Sequence<Double>, isLogarithmic: Bool = false, margin: Double = 0.04) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (!isLogarithmic || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = isLogarithmic ? (0.1, 10) : (0, 1) }
    if isLogarithmic {
      let (from, to) = (min(max(log10(low), -280), 280), min(max(log10(high), -280), 280))
      let spare = to - from < 1e-4 ? 0.3 : (to - from) * margin
      self.init(pow(10, from - spare)...pow(10, to + spare), isLogarithmic: true)
    } else {
      // Half of each, so that the length of -1e308...1e308 does not overflow; no scale is longer than 1e300.
      let middle = min(max(low / 2 + high / 2, -1e300), 1e300)
      let half = min(max((high / 2 - low / 2) * (1 + 2 * margin), abs(middle) * 1e-9), 1e300)
      let least = low == high ? max(abs(middle) * 0.1, low == 0 ? 1 : 1e-300) : 1e-300
      self.init(middle - max(half, least)...middle + max(half, least))
    }
  }

  /// The share of the axis below `value`, from 0 to 1 inside the range; nil for what has no place on it.
  func share(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let low = range.lowerBound
    let high = range.upperBound
    let share = isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    // Far beyond the edge is as good as infinitely far, and cairo's coordinates are 24 bits.
    return share.isFinite ? min(max(share, -10), 11) : nil
  }

  func ticks(atMost limit: Int, wholeNumbers: Bool) -> Ticks {
    isLogarithmic
      ? Ticks(logarithmic: range, atMost: limit)
      : Ticks(linear: range, atMost: limit, wholeNumbers: wholeNumbers)
  }
}
