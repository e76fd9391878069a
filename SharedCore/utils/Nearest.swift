/// The one of `names` that `name` is most likely a misspelling of, or nil when none is near.
///
/// Near means that at most a third of the letters differ (one, in a short name), counted as insertions,
/// deletions, replacements and swaps of neighbours. Case does not count and `-` equals `_`. Of equally near
/// names the first wins.
public func nearestName(to name: String, in names: some Sequence<String>) -> String? {
  let typed = comparable(name)
  let limit = max(1, typed.count / 3)
  var nearest: String?
  var smallest = limit + 1
  for candidate in names {
    let letters = comparable(candidate)
    guard abs(letters.count - typed.count) <= limit else { continue }
    let distance = editDistance(typed, letters)
    // A distance of a whole name means that nothing of it was typed.
    if distance < smallest, distance < max(typed.count, letters.count) {
      (nearest, smallest) = (candidate, distance)
    }
  }
  return nearest
}

/// The answer to a `name` that is none of `known`: the nearest one, and all of them.
///
/// - Parameter what: what is named, in the singular: "data set".
public func unknownName(_ name: String, what: String, known: [String]) -> LabError {
  let guess = nearestName(to: name, in: known).map { "did you mean \($0)? " } ?? ""
  return LabError(
    .usage, "there is no \(what) called \(name.quoted)",
    remedy: "\(guess)choose among \(known.joined(separator: ", "))")
}

private func comparable(_ name: String) -> [Character] { name.lowercased().map { $0 == "_" ? "-" : $0 } }

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
///
/// The restricted distance of Damerau (1964) and Levenshtein (1966), in time |a| |b| and space |b|.
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
      current.append(cost)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[b.count]
}
