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
