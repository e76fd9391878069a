import Utils

/// The part of a data set that a pair belongs to.
public enum PairPart: String, CaseIterable, Sendable {
  case train, val, test
}

/// Which pairs are trained on and which are watched.
enum PairSplit {
  /// The part of each of `labels`: every label has `ratio` of its pairs in training and the rest in `val`.
  ///
  /// The sizes are rounded to the nearest; a label with two pairs or more has one at least in each part. Which go where
  /// depends on `seed` alone.
  static func random(_ labels: [CaptionLabel], ratio: Double, seed: UInt64) -> [PairPart] {
    var parts = [PairPart](repeating: .train, count: labels.count)
    for (number, label) in CaptionLabel.allCases.enumerated() {
      let members = labels.indices.filter { labels[$0] == label }
      guard members.count > 1 else { continue }
      let wanted = Int((Double(members.count) * (1 - ratio)).rounded())
      let count = min(max(wanted, 1), members.count - 1)
      var stream = RandomStream(seed: seed, purpose: "pair split", number: number)
      for place in stream.permutation(of: members.count).prefix(count) { parts[members[place]] = .val }
    }
    return parts
  }
}

extension PairSplit {
  /// The part of each pair by its show: whole shows at random until `val` has 1 - `ratio` of all pairs, as nearly as shows
  /// allow.
  ///
  /// Throws a `LabError` where all pairs are of one show.
  static func showBased(_ shows: [String], ratio: Double, seed: UInt64) throws -> [PairPart] {
    let names = Set(shows).sorted()
    guard names.count > 1 else {
      throw LabError(
        .usage, "all videos lie in one folder, \(names.first ?? ""), and count as one show",
        remedy: "use --split random, or put the videos of each show into a folder of their own")
    }
    let counts = Dictionary(grouping: shows) { $0 }.mapValues(\.count)
    let wanted = Double(shows.count) * (1 - ratio)
    var stream = RandomStream(seed: seed, purpose: "show split")
    var (watched, count): (Set<String>, Int) = ([], 0)
    for place in stream.permutation(of: names.count) where watched.count < names.count - 1 {
      let more = counts[names[place]] ?? 0
      // A show is watched when that brings the number nearer to the wanted one.
      guard watched.isEmpty || abs(Double(count + more) - wanted) < abs(Double(count) - wanted) else {
        continue
      }
      watched.insert(names[place])
      count += more
    }
    return shows.map { watched.contains($0) ? .val : .train }
  }
}
