import Foundation

/// How the numbers of a tensor are spread: counts in bins of equal width between the least and the greatest.
public struct Histogram: Equatable, Sendable {
  /// What the numbers are: `weights/conv1.weight`.
  public var name: String
  /// The least and the greatest of the finite numbers; 0 where there is none.
  public var least, greatest: Double
  /// How many numbers each bin has, from the least on.
  public var counts: [Int]
  /// The sum of the numbers and that of their squares.
  public var sum, sumOfSquares: Double
  /// Numbers that are NaN or infinite, which are in no bin.
  public var notFinite: Int

  /// Counts the numbers of `values` in at most `bins` bins; equal numbers need only one.
  public init(_ name: String, of values: Span<Float>, bins: Int = 64) {
    self.name = name
    var (low, high) = (Float.infinity, -Float.infinity)
    (sum, sumOfSquares, notFinite) = (0, 0, 0)
    for i in 0..<values.count {
      let value = values[i]
      guard value.isFinite else {
        notFinite += 1
        continue
      }
      (low, high) = (min(low, value), max(high, value))
      sum += Double(value)
      sumOfSquares += Double(value) * Double(value)
    }
    guard low <= high else {
      (least, greatest, counts) = (0, 0, [])
      return
    }
    (least, greatest) = (Double(low), Double(high))
    guard low < high else {
      counts = [values.count - notFinite]
      return
    }
    var counts = [Int](repeating: 0, count: bins)
    let scale = Double(bins) / (greatest - least)
    for i in 0..<values.count where values[i].isFinite {
      counts[min(Int((Double(values[i]) - least) * scale), bins - 1)] += 1
    }
    self.counts = counts
  }

  /// The upper edge of each bin; the last one's is the greatest number.
  public var upperEdges: [Double] {
    let width = (greatest - least) / Double(max(counts.count, 1))
    return counts.indices.map { $0 == counts.count - 1 ? greatest : least + Double($0 + 1) * width }
  }

  /// How many finite numbers there are.
  public var count: Int { counts.reduce(0, +) }
}
