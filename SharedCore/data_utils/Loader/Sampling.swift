import Engine
import Utils

/// How the samples of an epoch are chosen so that rare classes are seen more often.
public enum Sampling: Equatable, Sendable {
  /// As many as there are, drawn with replacement, each by its weight.
  case weighted([Double])
  /// All of them, each as often as its count says, in a random order.
  case repeated([Int])
  /// Of each class at most `cap`, chosen anew in every epoch, in a random order: the classes of all samples, and how many.
  case capped([Int32], cap: Int)

  /// The samples of an epoch, given the random numbers that belong to it.
  func order(using random: inout RandomStream) -> [Int] {
    switch self {
    case .weighted(let weights):
      var sum = 0.0
      let sums = weights.map { weight in
        sum += weight
        return sum
      }
      return weights.map { _ in Self.first(of: sums, above: random.uniform() * sum) }
    case .repeated(let counts):
      let all = counts.enumerated().flatMap { [Int](repeating: $0, count: $1) }
      return random.permutation(of: all.count).map { all[$0] }
    case .capped(let labels, let cap):
      var chosen: [Int] = []
      for label in Set(labels).sorted() {
        let members = labels.indices.filter { labels[$0] == label }
        let places = members.count > cap ? Array(random.permutation(of: members.count).prefix(cap)) : nil
        chosen += places?.map { members[$0] } ?? members
      }
      return random.permutation(of: chosen.count).map { chosen[$0] }
    }
  }

  /// How many samples an epoch has.
  var count: Int {
    switch self {
    case .weighted(let weights): weights.count
    case .repeated(let counts): counts.reduce(0, +)
    case .capped(let labels, let cap):
      Dictionary(grouping: labels) { $0 }.values.reduce(0) { $0 + min($1.count, cap) }
    }
  }

  /// How many samples there are to choose from.
  var sampleCount: Int {
    switch self {
    case .weighted(let weights): weights.count
    case .repeated(let counts): counts.count
    case .capped(let labels, _): labels.count
    }
  }

  /// The place of the first of rising `sums` that is greater than `value`.
  private static func first(of sums: [Double], above value: Double) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// What makes the samples of a class be drawn more often.
public enum ClassWeighting: Sendable {
  /// 1 / sqrt(n), 1 / n, and 1 / E with the effective number E of n samples (Cui et al. 2019).
  case inverseSquareRoot, inverse, effectiveNumber(beta: Double)

  /// The weight of each class: scaled so that the largest is 1, and at least 0.1; 1 for a class without a sample.
  public func weights(_ counts: ClassCounts) -> [Double] {
    let raw: [Double] =
      switch self {
      case .inverseSquareRoot: counts.positives.map { 1 / Double($0).squareRoot() }
      case .inverse: counts.positives.map { 1 / Double($0) }
      case .effectiveNumber(let beta): counts.effectiveNumbers(beta: beta).map { 1 / $0 }
      }
    let largest = raw.filter(\.isFinite).max() ?? 1
    return raw.map { $0.isFinite ? max($0 / largest, 0.1) : 1 }
  }
}

extension Dataset {
  /// The classes of the samples, counted.
  public var counts: ClassCounts { ClassCounts(samples: count, positives: classCounts) }

  /// Draws each sample by the greatest weight of its classes; one that has none by the smallest weight of all.
  public func sampling(by weighting: ClassWeighting) -> Sampling {
    let weights = weighting.weights(counts)
    let least = weights.min() ?? 1
    return .weighted((0..<count).map { n in classes(of: n).map { weights[$0] }.max() ?? least })
  }

  /// Repeats each sample as its rarest class asks: as often as the most frequent class is more frequent, rounded up, at most
  /// ten times; one that has none occurs once.
  public func samplingByRepetition() -> Sampling {
    let positives = classCounts
    let most = positives.max() ?? 0
    return .repeated(
      (0..<count).map { n in
        classes(of: n).map { min(max((most + positives[$0] - 1) / max(positives[$0], 1), 1), 10) }.max() ?? 1
      })
  }

  /// Of each class at most as many as `cap` says, or `ratio` times as many as the rarest class has, rounded down.
  public func samplingByCap(_ cap: Int?, ratio: Double) -> Sampling {
    let rarest = classCounts.filter { $0 > 0 }.min() ?? 1
    return .capped(labels, cap: max(cap ?? Int(Double(rarest) * ratio), 1))
  }

  /// The classes of the samples of an epoch: where `sampling` caps them, of those that it takes; else of all.
  ///
  /// A loss that weighs classes by these evens out what the cap has left; by the counts of all it would do so twice.
  public func counts(seenBy sampling: Sampling?) -> ClassCounts {
    guard case .capped(_, let cap) = sampling else { return counts }
    let positives = classCounts.map { min($0, cap) }
    return ClassCounts(samples: positives.reduce(0, +), positives: positives)
  }

  private func classes(of index: Int) -> [Int] {
    guard let row = targets(index) else { return [Int(labels[index])] }
    return row.indices.filter { row[$0] == 1 }
  }
}
