import Engine
import Utils

/// What becomes of the patterns of one load: the mean overlap of where recall ends with where it began, and the share of
/// patterns that did not change at all.
struct Retention {
  let load, overlap, stable: Double

  /// Stores `load` times `width` random patterns by a rule and starts at each, in `draws` networks of their own.
  static func measure(load: Double, width: Int, rule: LearningRule, draws: Int, seed: UInt64) throws
    -> Retention
  {
    let count = max(1, Int((load * Double(width)).rounded()))
    var (overlap, stable) = (0.0, 0)
    for draw in 0..<draws {
      let set = PatternSet.random(count, width: width, seed: seed, number: draw)
      var random = RandomStream(seed: seed, purpose: "order", number: draw)
      let network = Hopfield(units: width, patterns: count, rule: rule, update: .asynchronous, using: &random)
      let patterns = Tensor(set.patterns.flatMap { $0 }, shape: [count, width])
      network.patterns.tensor = patterns
      try network.store()
      for own in overlaps(network.recall(patterns), patterns) {
        overlap += own
        if own > 1 - 0.5 / Double(width) { stable += 1 }
      }
    }
    let total = Double(count * draws)
    return Retention(load: load, overlap: overlap / total, stable: Double(stable) / total)
  }
}

/// The overlap of each state with the pattern in the same row, both [N, D].
func overlaps(_ states: Tensor, _ patterns: Tensor) -> [Double] {
  (states * patterns).sum(over: 1).elements.map { Double($0) / Double(states.shape[1]) }
}

/// Where recall ends when it begins anywhere.
struct Attractors {
  /// How many starts ended in a pattern, in the inverse of one, in a mixture of three, and elsewhere.
  private(set) var patterns = 0, inverses = 0, mixtures = 0, others = 0

  /// All starts.
  var total: Int { patterns + inverses + mixtures + others }

  /// The share that ended in nothing that was stored, nor in its inverse.
  var spuriousShare: Double { Double(mixtures + others) / Double(max(total, 1)) }

  /// Starts `memory` from `starts` random states. A state counts as what it differs from in at most one unit of a hundred.
  ///
  /// A mixture of three is the majority of three patterns or of their inverses (Amit, Gutfreund and Sompolinsky 1985).
  init(of memory: any AssociativeMemory, starts: Int, seed: UInt64) {
    let stored = memory.patterns.tensor
    let (count, width) = (stored.shape[0], stored.shape[1])
    let cues = PatternSet.random(starts, width: width, seed: seed, number: 1_000_000)
    let ends = memory.recall(Tensor(cues.patterns.flatMap { $0 }, shape: [starts, width]))
    let scores = (linear(ends, stored) / Float(width)).elements
    let (rows, known) = (ends.elements, stored.elements)
    for start in 0..<starts {
      let own = scores[start * count..<(start + 1) * count].map(Double.init)
      if own.contains(where: { $0 > 0.98 }) {
        patterns += 1
      } else if own.contains(where: { $0 < -0.98 }) {
        inverses += 1
      } else {
        let near = own.indices.sorted { abs(own[$0]) > abs(own[$1]) }.prefix(3)
        let majority = (0..<width).map { unit in
          near.reduce(Float(0)) { $0 + known[$1 * width + unit] * (own[$1] < 0 ? -1 : 1) }
        }
        let agreeing = (0..<width).count { rows[start * width + $0] * majority[$0] > 0 }
        if near.count == 3, Double(agreeing) >= 0.99 * Double(width) { mixtures += 1 } else { others += 1 }
      }
    }
  }
}

/// How much of the noise in a cue recall takes away: the overlap with the pattern, by the share that was turned over.
func recallFromNoise(
  of memory: any AssociativeMemory, shares: [Double], trials: Int, seed: UInt64
) -> [(share: Double, overlap: Double)] {
  let patterns = memory.patterns.tensor
  let (count, width) = (patterns.shape[0], patterns.shape[1])
  let rows = (0..<count).map { Array(patterns.elements[$0 * width..<($0 + 1) * width]) }
  return shares.map { share in
    var stream = RandomStream(seed: seed, purpose: "noise")
    let cues = (0..<trials).flatMap { _ in
      rows.flatMap { PatternSet.corrupted($0, share: share, using: &stream) }
    }
    let goals = Tensor((0..<trials).flatMap { _ in rows.flatMap { $0 } }, shape: [trials * count, width])
    let ends = memory.recall(Tensor(cues, shape: [trials * count, width]))
    let own = overlaps(ends, goals)
    return (share, own.reduce(0, +) / Double(own.count))
  }
}
