/// What a line of many points looks like on paper.
enum Polyline {
  /// Columns a point of paper: a little finer than the pixels of the PNG.
  private static let columnsPerPoint = 2.5

  /// The unbroken runs of `series`: places of consecutive points that have one.
  static func runs(of series: Series, in area: PlotArea) -> [[Point]] {
    var runs: [[Point]] = []
    var run: [Point] = []
    for (x, y) in zip(series.xs, series.ys) {
      if let place = area(x, y) {
        run.append(place)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    return run.isEmpty ? runs : runs + [run]
  }

  /// The way along `points`, in points of paper.
  static func length(_ points: [Point]) -> Double {
    zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let (across, down) = (pair.1.x - pair.0.x, pair.1.y - pair.0.y)
      return sum + (across * across + down * down).squareRoot()
    }
  }

  /// The few of `points` that give the same picture: of each stretch inside one column of pixels its first, lowest,
  /// highest and last point.
  ///
  /// O(n).
  static func reduced(_ points: [Point]) -> [Point] {
    guard points.count > 500 else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x * columnsPerPoint).rounded(.down)
      var (end, lowest, highest) = (start, start, start)
      while end < points.count, (points[end].x * columnsPerPoint).rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      for index in Set([start, lowest, highest, end - 1]).sorted() { result.append(points[index]) }
      start = end
    }
    return result
  }
}
