import Utils

/// Pixels of one class that hang together, over edges or corners (8-connectivity).
public struct ConnectedRegion: Equatable, Sendable {
  /// The class of its pixels.
  public let label: Int
  /// Its pixels, top to bottom and left to right.
  public let runs: [RegionMask.Run]

  /// How many pixels it has.
  public var pixelCount: Int { runs.reduce(0) { $0 + Int($1.length) } }

  /// The rows from the first to the last that it reaches.
  public var rows: Range<Int> { Int(runs[0].row)..<Int(runs[runs.count - 1].row) + 1 }

  /// The columns from the first to the last that it reaches.
  public var columns: Range<Int> {
    runs.reduce(Int(runs[0].column)..<Int(runs[0].column)) { range, run in
      min(range.lowerBound, Int(run.column))..<max(range.upperBound, Int(run.column + run.length))
    }
  }
}

extension RegionMask {
  /// The connected regions of each class, in the order of their first pixels.
  ///
  /// Runs are joined instead of pixels (Rosenfeld and Pfaltz 1966, with union and find): O(R α(R)) for R runs.
  public var regions: [ConnectedRegion] {
    var parents = Array(runs.indices)
    func root(_ run: Int) -> Int {
      var run = run
      while parents[run] != run {
        parents[run] = parents[parents[run]]
        run = parents[run]
      }
      return run
    }
    var above = 0  // the first run that may still touch the one in hand
    for (index, run) in runs.enumerated() {
      while runs[above].row + 1 < run.row
        || (runs[above].row + 1 == run.row && runs[above].column + runs[above].length < run.column)
      {
        above += 1
      }
      var candidate = above
      while candidate < index, runs[candidate].row < run.row,
        runs[candidate].column <= run.column + run.length
      {
        if runs[candidate].label == run.label {
          let (one, other) = (root(candidate), root(index))
          parents[max(one, other)] = min(one, other)
        }
        candidate += 1
      }
    }
    var order: [Int] = []
    var members: [Int: [Run]] = [:]
    for (index, run) in runs.enumerated() {
      let root = root(index)
      if root == index { order.append(root) }
      members[root, default: []].append(run)
    }
    return order.map { ConnectedRegion(label: Int(runs[$0].label), runs: members[$0] ?? []) }
  }
}
