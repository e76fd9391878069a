import Engine
import Plotting
import Runner
import Utils

extension Experiment.Plot {
  /// What becomes of random patterns as there are more of them: ours beside published points; then the three rules.
  static let capacityCurve = Experiment.Plot("capacity_curve") { context in
    let seed = context.seed
    func measured(_ loads: [Double], _ width: Int, _ rule: LearningRule, _ draws: Int) throws -> [Retention] {
      try loads.map {
        try Retention.measure(load: $0, width: width, rule: rule, draws: draws, seed: seed)
      }
    }
    let ours = try measured(referenceOverlap.map(\.load), 500, .hebb, 4)
    let loads = ours.map(\.load)
    let limit = Series("0.138, Amit et al. 1985", xs: [0.138, 0.138], ys: [0, 1])
    let capacity = LineChart(
      title: "capacity: 500 units, Hebb's rule, recall from the pattern itself", xLabel: "patterns a unit",
      yLabel: "overlap, share",
      series: [
        Series("overlap, ours (4 draws)", xs: loads, ys: ours.map(\.overlap)),
        Series("overlap, reference (8 draws)", xs: loads, ys: referenceOverlap.map(\.overlap)),
        Series("unchanged, ours", xs: loads, ys: ours.map(\.stable)),
        Series("unchanged, reference", xs: loads, ys: referenceOverlap.map(\.stable)), limit,
      ], yRange: 0...1.02)
    let wide = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    let rules = LineChart(
      title: "three rules: 200 units, recall from the pattern itself", xLabel: "patterns a unit",
      yLabel: "overlap",
      series: try LearningRule.allCases.map { rule in
        Series(rule.rawValue, xs: wide, ys: try measured(wide, 200, rule, 2).map(\.overlap))
      } + [limit], yRange: 0...1.02)
    return [NamedFigure("capacity_curve", capacity), NamedFigure("capacity_curve_rules", rules)]
  }

  /// The overlap of what is recalled with the pattern, by the share of the cue that was turned over, for every memory.
  static let noiseCurve = Experiment.Plot("noise_curve") { context in
    guard let own = context.network as? any AssociativeMemory else { return [] }
    let patterns = own.patterns.tensor
    let (count, width) = (patterns.shape[0], patterns.shape[1])
    var memories: [(name: String, memory: any AssociativeMemory)] = LearningRule.allCases.map { rule in
      var random = RandomStream(seed: context.seed, purpose: "order")
      let memory = Hopfield(
        units: width, patterns: count, rule: rule, update: .asynchronous, using: &random)
      return (rule.rawValue, memory)
    }
    memories.append(("attention", ModernHopfield(units: width, patterns: count)))
    let shares = (0...16).map { Double($0) * 0.05 }
    var series = try memories.map { name, memory in
      memory.patterns.tensor = patterns
      try memory.store()
      return Series(
        name, xs: shares,
        ys: recallFromNoise(of: memory, shares: shares, trials: 20, seed: context.seed).map(\.overlap))
    }
    series.append(Series("the cue itself", xs: shares, ys: shares.map { 1 - 2 * $0 }))
    let figure = LineChart(
      title: "\(context.experiment.name): recall from noise, 20 cues of each pattern",
      xLabel: "share of the cue that is turned over", yLabel: "overlap with the pattern", series: series)
    return [NamedFigure("noise_curve", figure)]
  }

  /// Where a thousand random starts end, by the number of patterns stored.
  static let spuriousStates = Experiment.Plot("spurious_states") { context in
    let width = context.data.inputs
    let counts = [3, 5, 10, 20, 30].filter { $0 < width }
    let found = try counts.map { count in
      var random = RandomStream(seed: context.seed, purpose: "order")
      let network = Hopfield(
        units: width, patterns: count, rule: .hebb, update: .asynchronous, using: &random)
      let set = PatternSet.random(count, width: width, seed: context.seed)
      network.patterns.tensor = Tensor(set.patterns.flatMap { $0 }, shape: [count, width])
      try network.store()
      return Attractors(of: network, starts: 1000, seed: context.seed)
    }
    func group(_ name: String, _ count: (Attractors) -> Int) -> BarChart.Group {
      BarChart.Group(name, found.map { Double(count($0)) / 1000 })
    }
    let figure = BarChart(
      title: "where recall ends from anywhere: \(width) units", yLabel: "share of 1000 starts",
      categories: counts.map { "\($0) patterns" },
      groups: [
        group("a pattern") { $0.patterns }, group("an inverse") { $0.inverses },
        group("a mixture of three") { $0.mixtures }, group("elsewhere") { $0.others },
      ])
    return [NamedFigure("spurious_states", figure)]
  }

  /// The share of random patterns that are recalled from a cue with a tenth turned over: signs against attention.
  static let modernCapacity = Experiment.Plot("modern_capacity") { context in
    let width = 64
    let counts = [2, 4, 6, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
    func share(_ memory: any AssociativeMemory, _ count: Int) throws -> Double {
      let set = PatternSet.random(count, width: width, seed: context.seed)
      let patterns = Tensor(set.patterns.flatMap { $0 }, shape: [count, width])
      memory.patterns.tensor = patterns
      try memory.store()
      var stream = RandomStream(seed: context.seed, purpose: "cues")
      let cues = set.patterns.flatMap { PatternSet.corrupted($0, share: 0.1, using: &stream) }
      let ends = memory.recall(Tensor(cues, shape: [count, width]))
      return Double(overlaps(ends, patterns).count { $0 >= 0.95 }) / Double(count)
    }
    let xs = counts.map(Double.init)
    let signs = try counts.map { count in
      var random = RandomStream(seed: context.seed, purpose: "order")
      return try share(
        Hopfield(units: width, patterns: count, rule: .hebb, update: .asynchronous, using: &random), count)
    }
    let attention = try counts.map { count in
      try share(ModernHopfield(units: width, patterns: count, beta: 1), count)
    }
    let figure = LineChart(
      title: "64 units, a tenth of each cue turned over", xLabel: "patterns stored",
      yLabel: "share recalled (overlap 0.95)",
      series: [
        Series("signs and Hebb's rule, 1982", xs: xs, ys: signs),
        Series("attention with beta = 1, 2020", xs: xs, ys: attention),
      ], yRange: 0...1.02, xScale: .logarithmic)
    return [NamedFigure("modern_capacity", figure)]
  }
}

/// Mean overlap and share of unchanged patterns for 500 units, asynchronous updates, recall from the pattern itself, Hebb's
/// rule with a zero diagonal: computed with numpy in 8 draws, so ours should lie on them.
private let referenceOverlap: [(load: Double, overlap: Double, stable: Double)] = [
  (0.05, 1, 1), (0.10, 0.997, 0.66), (0.12, 0.993, 0.47), (0.138, 0.949, 0.21), (0.15, 0.93, 0.14),
  (0.16, 0.85, 0.12), (0.20, 0.59, 0.03),
]
