import Utils

/// A split in which every class has its share of every part, though a sample may have several classes.
///
/// Sechidis, Tsoumakas, Vlahavas, "On the Stratification of Multi-Label Data", 2011, algorithm 1: the rarest class first,
/// each of its samples to the part that lacks most of that class. Departures: the parts have exactly the sizes of
/// `SplitRatios`; a class with a sample for each part needs at least one in each; and where a class is missing all the
/// same, samples change places until it is not, if they can.
public enum IterativeStratification {
  /// Parts of the sizes that `ratios` give; which samples go where depends on `seed` alone.
  public static func split(_ targets: MultiLabelTargets, ratios: SplitRatios, seed: UInt64) -> SplitIndices {
    let sizes = ratios.sizes(of: targets.count)
    var distribution = Distribution(targets, sizes: [sizes.train, sizes.val, sizes.test], seed: seed)
    distribution.distributeClasses()
    distribution.fillUp()
    distribution.mendMissingClasses()
    let parts = distribution.members
    return SplitIndices(train: parts[0], val: parts[1], test: parts[2])
  }
}

/// The state of the algorithm: where each sample went, and what each part still needs.
private struct Distribution {
  let targets: MultiLabelTargets
  let sizes: [Int]
  var part: [Int?]
  /// Samples that each part still needs.
  var room: [Int]
  /// [part][class], samples of the class that each part still needs.
  var need: [[Double]]
  var random: RandomStream

  init(_ targets: MultiLabelTargets, sizes: [Int], seed: UInt64) {
    self.targets = targets
    self.sizes = sizes
    part = Array(repeating: nil, count: targets.count)
    room = sizes
    random = RandomStream(seed: seed, purpose: "stratification")
    let shares = sizes.map { Double($0) / Double(max(targets.count, 1)) }
    need = shares.map { _ in [] }
    for count in targets.classCounts(of: 0..<targets.count) {
      var wanted = shares.map { $0 * Double(count) }
      // With a sample for each part no part goes without; the largest gives.
      if count >= sizes.count(where: { $0 > 0 }) {
        for index in wanted.indices where sizes[index] > 0 && wanted[index] < 1 {
          let richest = wanted.indices.max { wanted[$0] < wanted[$1] } ?? index
          wanted[richest] -= 1 - wanted[index]
          wanted[index] = 1
        }
      }
      for index in wanted.indices { need[index].append(wanted[index]) }
    }
  }

  var members: [[Int]] {
    sizes.indices.map { index in part.indices.filter { part[$0] == index } }
  }

  /// The class with the fewest samples left first, until all samples that have a class are somewhere.
  mutating func distributeClasses() {
    var open = Set(0..<targets.classes)
    while !open.isEmpty {
      let left = targets.classCounts(of: part.indices.lazy.filter { [part] in part[$0] == nil })
      guard let label = open.min(by: { (left[$0], $0) < (left[$1], $1) }) else { return }
      open.remove(label)
      let samples = part.indices.filter { part[$0] == nil && targets.has($0, label) }
      for place in random.permutation(of: samples.count) {
        assign(samples[place], to: neediest { ($0.need[$1][label], Double($0.room[$1])) })
      }
    }
  }

  /// Samples without any class, wherever there is room.
  mutating func fillUp() {
    let samples = part.indices.filter { part[$0] == nil }
    for place in random.permutation(of: samples.count) {
      assign(samples[place], to: neediest { (Double($0.room[$1]), 0) })
    }
  }

  /// The part with room whose need is greatest; of equals one by chance.
  private mutating func neediest(_ need: (Distribution, Int) -> (Double, Double)) -> Int {
    let open = sizes.indices.filter { room[$0] > 0 }
    let needs = open.map { need(self, $0) }
    let greatest = needs.max { $0 < $1 } ?? (0, 0)
    let equals = open.indices.filter { needs[$0] == greatest }
    return open[equals.count == 1 ? equals[0] : equals[random.index(below: equals.count)]]
  }

  private mutating func assign(_ sample: Int, to index: Int) {
    part[sample] = index
    room[index] -= 1
    for label in targets.labels(sample) { need[index][label] -= 1 }
  }

  /// Brings a class into a part that has none of it, by an exchange that takes no class from any part but those that
  /// cannot be in each.
  mutating func mendMissingClasses() {
    let total = targets.classCounts(of: part.indices)
    let parts = sizes.indices.filter { sizes[$0] > 0 }
    for label in total.indices where total[label] >= parts.count {
      for poor in parts {
        let counts = members.map { targets.classCounts(of: $0) }
        guard counts[poor][label] == 0 else { continue }
        for rich in parts where counts[rich][label] > 1 {
          let common = Set(total.indices.filter { total[$0] >= parts.count })
          if exchange(label, from: rich, to: poor, counts: counts, keeping: common) { break }
        }
      }
    }
  }

  private mutating func exchange(
    _ label: Int, from rich: Int, to poor: Int, counts: [[Int]], keeping common: Set<Int>
  ) -> Bool {
    let members = members
    // Samples of the same classes are the same to an exchange: one of each kind is tried.
    for (given, giver) in kinds(of: members[rich].filter { targets.has($0, label) }, common) {
      for (taken, taker) in kinds(of: members[poor], common) {
        let richKeeps = given.allSatisfy { counts[rich][$0] > 1 || taken.contains($0) }
        let poorKeeps = taken.allSatisfy { counts[poor][$0] > 1 || given.contains($0) }
        guard richKeeps && poorKeeps else { continue }
        (part[giver], part[taker]) = (poor, rich)
        return true
      }
    }
    return false
  }

  /// The first sample of each set of classes, of which only the `common` ones count.
  private func kinds(of samples: [Int], _ common: Set<Int>) -> [(classes: Set<Int>, sample: Int)] {
    var seen = Set<Set<Int>>()
    return samples.compactMap { sample in
      let classes = common.intersection(targets.labels(sample))
      return seen.insert(classes).inserted ? (classes, sample) : nil
    }
  }
}
