import Utils

extension Dataset {
  /// Parts of given sizes in which every class has its share: a stratified split.
  ///
  /// `val` and `test` have exactly round(N times their fraction) samples. A class's share in each part is its share in
  /// the whole, rounded by largest remainders, and at least 1 in every part wherever class and part are large enough.
  /// Which samples go where depends on `seed` alone; within a part they keep the order of the source.
  ///
  /// - Parameters:
  ///   - val: the fraction that is watched while training, from 0; there is no such part at 0.
  ///   - test: the fraction that is judged at the end, from 0; val + test < 1.
  ///   - seed: what chooses the samples.
  public func stratifiedSplit(val: Double = 0, test: Double, seed: UInt64) -> DataSplits {
    require(
      val >= 0 && test >= 0 && val + test < 1,
      "fractions of a split are from 0 and below 1, not \(val) and \(test)")
    var pools = shuffledClasses(seed: seed)
    let sizes = [test, val].map { Int((Double(count) * $0).rounded()) }
    let parts = zip(sizes, 0...).map { size, position in
      // The training part always comes after.
      let partsAfter = sizes[(position + 1)...].count { $0 > 0 } + 1
      let shares = StratifiedShares.counts(of: size, classes: pools.map(\.count), keepingFor: partsAfter)
      var taken: [Int] = []
      for (label, share) in shares.enumerated() {
        taken += pools[label].suffix(share)
        pools[label].removeLast(share)
      }
      return taken.sorted()
    }
    let rest = pools.flatMap(\.self).sorted()
    return DataSplits(
      train: subset(rest), val: parts[1].isEmpty ? nil : subset(parts[1]),
      test: parts[0].isEmpty ? nil : subset(parts[0]), whole: self)
  }

  private func shuffledClasses(seed: UInt64) -> [[Int]] {
    var members = [[Int]](repeating: [], count: classNames.count)
    for (index, label) in labels.enumerated() { members[Int(label)].append(index) }
    return members.enumerated().map { label, members in
      var stream = RandomStream(seed: seed, purpose: "split", number: label)
      return stream.permutation(of: members.count).map { members[$0] }
    }
  }
}

/// How many samples of each class go into a part.
enum StratifiedShares {
  /// Counts that sum to `size`, in proportion to `classes` by largest remainders; every class that can spare one gives
  /// at least one when the part has room for all, and keeps one for each of the `later` parts where it can.
  static func counts(of size: Int, classes: [Int], keepingFor later: Int) -> [Int] {
    let total = classes.reduce(0, +)
    guard size > 0, total > 0 else { return classes.map { _ in 0 } }
    let quotas = classes.map { Double($0) * Double(size) / Double(total) }
    let present = classes.count { $0 > 0 }
    let lows = classes.map { $0 > later && size >= present ? 1 : 0 }
    let highs = classes.map { max($0 - later, 0) }
    var counts = zip(quotas, zip(lows, highs)).map { min(max(Int($0), $1.0), $1.1) }
    // The classes that are furthest below their quota give next; those furthest above take back.
    while counts.reduce(0, +) < size {
      let open = counts.indices.filter { counts[$0] < highs[$0] }
      let pool = open.isEmpty ? counts.indices.filter { counts[$0] < classes[$0] } : open
      guard let label = pool.max(by: { quotas[$0] - Double(counts[$0]) < quotas[$1] - Double(counts[$1]) })
      else {
        break
      }
      counts[label] += 1
    }
    while counts.reduce(0, +) > size {
      let open = counts.indices.filter { counts[$0] > lows[$0] }
      guard let label = open.min(by: { quotas[$0] - Double(counts[$0]) < quotas[$1] - Double(counts[$1]) })
      else {
        break
      }
      counts[label] -= 1
    }
    return counts
  }
}
