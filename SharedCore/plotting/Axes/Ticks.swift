import Foundation

/// Where ticks stand and what they say.
struct Ticks: Equatable {
  var values: [Double]
  var labels: [String]
}

extension Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten inside `range`: as many as possible but at most `limit` (2 or more).
  init(linear range: ClosedRange<Double>, atMost limit: Int, wholeNumbers: Bool = false) {
    let limit = max(2, limit)
    var step = Step(atLeast: (range.upperBound - range.lowerBound) / Double(limit))
    if wholeNumbers, step.exponent < 0 { step = Step(mantissa: 1, exponent: 0) }
    var marks = step.multiples(in: range)
    while marks.count > limit {
      step = step.next
      marks = step.multiples(in: range)
    }
    values = marks
    labels = Ticks.labels(marks, step: step.size)
  }

  /// Powers of ten inside `range` (both ends above 0), every n-th if there are more than `limit`; where there are
  /// fewer than two, the 1-2-5 sequence, and where that is too coarse as well, linear ticks.
  init(logarithmic range: ClosedRange<Double>, atMost limit: Int) {
    let limit = max(2, limit)
    let lowest = Int(floor(log10(range.lowerBound)))
    let highest = Int(ceil(log10(range.upperBound)))
    let decades = (lowest...highest).map { Step(mantissa: 1, exponent: $0).size }.filter(range.contains)
    if decades.count >= 2 {
      let every = (decades.count + limit - 1) / limit
      values = stride(from: 0, to: decades.count, by: every).map { decades[$0] }
    } else {
      values = (lowest...highest).flatMap { exponent in
        [1, 2, 5].map { Step(mantissa: $0, exponent: exponent).size }
      }.filter(range.contains)
    }
    labels = values.map { Ticks.label($0) }
    if values.count < 2 || values.count > limit { self = Ticks(linear: range, atMost: limit) }
  }

  /// `number` in about three significant digits: 0.953, 12, 1.25M, 3e-5.
  static func label(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "–" : number > 0 ? "∞" : "−∞" }
    guard number != 0 else { return "0" }
    // Rounded before the unit is chosen: 9996 is 10k.
    let rounded = Double(String(format: "%.2e", number)) ?? number
    let magnitude = floor(log10(abs(rounded)) + 1e-9)
    let text = labels([rounded], step: pow(10, magnitude - 2))[0]
    guard text.contains(".") else { return text }
    let digits = text.prefix { $0 == "−" || $0 == "." || $0.isNumber }
    let trimmed = digits.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
    return String(trimmed) + text.dropFirst(digits.count)
  }

  /// Labels of numbers that are `step` apart: one unit and one number of decimals for all.
  static func labels(_ values: [Double], step: Double) -> [String] {
    let largest = values.map(abs).max() ?? 0
    guard largest > 0 else { return values.map { _ in "0" } }
    let power = Int(floor(log10(largest) + 1e-9))
    var (exponent, suffix) = (0, "")
    if power >= 15 || power < -3 {
      (exponent, suffix) = (power, "e\(power)")
    } else if power >= 4 {
      exponent = power / 3 * 3
      suffix = ["k", "M", "G", "T"][exponent / 3 - 1]
    }
    // Small differences of large numbers are read more easily in ones than in thousands.
    if exponent > 0, power < 9, Double(exponent) - log10(step) > 3 { (exponent, suffix) = (0, "") }
    let decimals = min(9, max(0, Int(ceil(Double(exponent) - log10(step) - 1e-9))))
    return values.map { value in
      guard value != 0 else { return "0" }
      let mantissa = exponent > 0 ? value / pow(10, Double(exponent)) : value * pow(10, Double(-exponent))
      let digits = String(format: "%.\(decimals)f", abs(mantissa))
      return (value < 0 ? "−" : "") + digits + suffix
    }
  }
}

/// A distance between ticks: 1, 2 or 5 times a power of ten.
private struct Step {
  let mantissa: Int
  let exponent: Int

  init(mantissa: Int, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The smallest step that is not below `size`.
  init(atLeast size: Double) {
    let exponent = Int(floor(log10(max(size, .leastNormalMagnitude))))
    let share = size / pow(10, Double(exponent)) * (1 - 1e-12)
    switch share {
    case ...1: self.init(mantissa: 1, exponent: exponent)
    case ...2: self.init(mantissa: 2, exponent: exponent)
    case ...5: self.init(mantissa: 5, exponent: exponent)
    default: self.init(mantissa: 1, exponent: exponent + 1)
    }
  }

  var size: Double { multiple(1) }

  var next: Step {
    switch mantissa {
    case 1: Step(mantissa: 2, exponent: exponent)
    case 2: Step(mantissa: 5, exponent: exponent)
    default: Step(mantissa: 1, exponent: exponent + 1)
    }
  }

  /// Division by a whole power of ten gives the nearest number to 0.3; multiplication by 0.1 does not.
  private func multiple(_ count: Double) -> Double {
    let whole = count * Double(mantissa)
    return exponent < 0 ? whole / pow(10, Double(-exponent)) : whole * pow(10, Double(exponent))
  }

  func multiples(in range: ClosedRange<Double>) -> [Double] {
    // A tick on the very edge of the range counts, whichever way its last bit was rounded.
    let slack = max(
      (range.upperBound - range.lowerBound) * 1e-9, 2 * max(range.lowerBound.ulp, range.upperBound.ulp))
    let first = ceil((range.lowerBound - slack) / size)
    let last = floor((range.upperBound + slack) / size)
    guard last >= first, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { multiple(first + Double($0)) + 0 }
  }
}
