import Utils

/// For each class the threshold with the best F1, out of a grid: 0.10, 0.15, ..., 0.90 unless another is given.
///
/// Only a part that nothing is reported of may be searched: thresholds that were chosen on a test part flatter it.
public struct ThresholdSearch: Sendable {
  /// What is tried.
  public let grid: [Double]

  /// A search of `grid`, at least one threshold.
  public init(grid: [Double] = (2...18).map { Double($0) / 20 }) {
    require(!grid.isEmpty, "a search of thresholds needs some")
    self.grid = grid
  }

  /// The best threshold of each class; of equally good ones the nearest to `usual`, which also stands where the class has no
  /// sample.
  ///
  /// - Parameters:
  ///   - probabilities: [N, K] row-major.
  ///   - targets: [N, K], 1 for each class that a sample has.
  public func best(
    probabilities: [Double], targets: [UInt8], classes: Int, usual: Double = 0.5
  ) -> [Double] {
    let ordered = grid.sorted { (abs($0 - usual), $0) < (abs($1 - usual), $1) }
    return (0..<classes).map { k in
      let rows = stride(from: k, to: targets.count, by: classes)
      guard rows.contains(where: { targets[$0] == 1 }) else { return usual }
      var best = (threshold: usual, f1: -1.0)
      for threshold in ordered {
        var counts = MultiLabelReport.Counts()
        for place in rows {
          counts.add(said: probabilities[place] > threshold, isThere: targets[place] == 1)
        }
        if counts.f1 > best.f1 { best = (threshold, counts.f1) }
      }
      return best.threshold
    }
  }
}
