import Utils

extension Series {
  /// The mean of several runs, with a band of one sample standard deviation above and below it.
  ///
  /// - Parameters:
  ///   - xs: horizontal values.
  ///   - runs: one row of vertical values a run, each as long as `xs`. One run has no band.
  public init(_ name: String, xs: [Double], meanOf runs: [[Double]]) {
    require(
      !runs.isEmpty && runs.allSatisfy { $0.count == xs.count },
      "series \(name): runs of \(runs.map(\.count)) values at \(xs.count) places")
    let count = Double(runs.count)
    let means = xs.indices.map { place in runs.reduce(0) { $0 + $1[place] } / count }
    let deviations = xs.indices.map { place in
      (runs.reduce(0) { $0 + ($1[place] - means[place]) * ($1[place] - means[place]) } / max(count - 1, 1))
        .squareRoot()
    }
    self.init(name, xs: xs, ys: means, deviations: runs.count > 1 ? deviations : [])
  }

  /// Lower and upper edge of the band at every place; none without a band.
  var bandEdges: [Double] { zip(ys, deviations).flatMap { [$0 - $1, $0 + $1] } }

  /// The band as polygons, one for each run of places that have one. An edge below what a logarithmic scale can show
  /// lies at the foot of the chart.
  func bands(in area: PlotArea) -> [[Point]] {
    var bands: [[Point]] = []
    var (upper, lower): ([Point], [Point]) = ([], [])
    func close() {
      if upper.count > 1 { bands.append(upper + lower.reversed()) }
      (upper, lower) = ([], [])
    }
    for (index, deviation) in deviations.enumerated() {
      guard let top = area(xs[index], ys[index] + deviation), deviation.isFinite else {
        close()
        continue
      }
      upper.append(top)
      lower.append(area(xs[index], ys[index] - deviation) ?? Point(top.x, area.rect.bottom))
    }
    close()
    return bands
  }
}
