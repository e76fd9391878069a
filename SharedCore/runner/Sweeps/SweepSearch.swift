import Utils

/// The combinations that a sweep file asks for, in the order in which they are trained, and what decides among them.
struct SweepSearch: Equatable {
  /// The most combinations of a grid that are put in order.
  private static let largestGrid = 1_000_000

  /// The file's name and the SHA-256 of its text.
  let file, fingerprint: String
  /// For each run the settings that differ among runs.
  let combinations: [[String: String]]
  let objective: Objective?
  let hyperband: Hyperband?

  /// The combinations of `file` by chance from `seed`: all of a grid in a shuffled order, or as many draws as there shall
  /// be runs, no combination twice.
  ///
  /// - Parameter count: the most runs, beside the file's own `run_cap`.
  init(_ file: SweepFile, count: Int?, seed: UInt64) throws {
    self.file = file.name
    fingerprint = SHA256.hex(of: Array(file.text.utf8))
    (objective, hyperband) = (file.objective, file.hyperband)
    let most = [file.runCap, count].compactMap(\.self).min()
    var random = RandomStream(seed: seed, purpose: "sweep")
    combinations =
      file.method == .grid
      ? try Self.grid(file, most, &random) : try Self.draws(file, most, &random)
  }

  private static func grid(_ file: SweepFile, _ most: Int?, _ random: inout RandomStream) throws
    -> [[String: String]]
  {
    let axes = try file.varied.map { parameter in
      guard let values = parameter.grid else {
        throw LabError(
          .config, "\(parameter.source) has no list of values, which a grid needs",
          remedy: "give values:, whole numbers from min: to max:, or say method: random")
      }
      return (parameter.key, values)
    }
    let size = axes.reduce(1) {
      $0.multipliedReportingOverflow(by: $1.1.count).overflow ? .max : $0 * $1.1.count
    }
    guard size <= largestGrid else {
      throw LabError(
        .config, "\(file.name) is a grid of more than \(largestGrid) runs",
        remedy: "give fewer values, or say method: random")
    }
    return random.permutation(of: size).prefix(most ?? size).map { place in
      var rest = place
      return Dictionary(
        uniqueKeysWithValues: axes.reversed().map { key, values in
          defer { rest /= values.count }
          return (key, values[rest % values.count])
        })
    }
  }

  private static func draws(_ file: SweepFile, _ most: Int?, _ random: inout RandomStream) throws
    -> [[String: String]]
  {
    guard let most else {
      throw LabError(
        .config, "\(file.name) draws at random and says no number of runs",
        remedy: "add run_cap: 20 to it, or give --count 20")
    }
    var drawn: [[String: String]] = []
    var seen = Set<[String: String]>()
    var misses = 0
    while drawn.count < min(most, StudyRequest.mostRuns + 1), misses < 1000 {
      let next = Dictionary(uniqueKeysWithValues: file.varied.map { ($0.key, $0.draw(using: &random)) })
      if seen.insert(next).inserted {
        drawn.append(next)
        misses = 0
      } else {
        misses += 1  // where all have been drawn, no other comes
      }
    }
    return drawn
  }

  /// The settings that differ among the combinations, with their values in a reader's order.
  var axes: [(key: String, values: [String])] {
    (combinations.first?.keys.sorted() ?? []).map { key in
      let values = Set(combinations.compactMap { $0[key] })
      return (key, values.sorted { ($0 as String).comesBefore($1) })
    }
  }

  /// The first few: enough to see that all is well.
  var brief: SweepSearch { SweepSearch(self, combinations: Array(combinations.prefix(4))) }

  private init(_ search: SweepSearch, combinations: [[String: String]]) {
    (file, fingerprint, objective, hyperband) =
      (search.file, search.fingerprint, search.objective, search.hyperband)
    self.combinations = combinations
  }

  var json: JSONValue {
    [
      "file": .string(file), "sha256": .string(fingerprint),
      "combinations": .array(combinations.map { .object($0.mapValues(JSONValue.string)) }),
      "objective": objective?.json ?? nil, "hyperband": hyperband?.json ?? nil,
    ]
  }

  init?(json: JSONValue?) {
    guard let file = json?["file"]?.string, let fingerprint = json?["sha256"]?.string,
      let combinations = json?["combinations"]?.array
    else { return nil }
    (self.file, self.fingerprint) = (file, fingerprint)
    self.combinations = combinations.map { ($0.object ?? [:]).compactMapValues(\.string) }
    objective = Objective(json: json?["objective"])
    hyperband = Hyperband(json: json?["hyperband"])
  }
}

extension SweepFile {
  /// The parameters that have one value alone, and so are settings of every run.
  var constants: [(key: String, value: String, source: String)] {
    parameters.compactMap { parameter in
      switch parameter.distribution {
      case .constant(let value): (parameter.key, value, parameter.source)
      case .categorical(let values, _) where values.count == 1: (parameter.key, values[0], parameter.source)
      default: nil
      }
    }
  }

  /// The other parameters.
  var varied: [SweepParameter] {
    let fixed = Set(constants.map(\.key))
    return parameters.filter { !fixed.contains($0.key) }
  }
}

extension String {
  /// Numbers by size, before words by their letters.
  fileprivate func comesBefore(_ other: String) -> Bool {
    switch (Double(self), Double(other)) {
    case (let a?, let b?): a < b
    case (nil, nil): self < other
    case (let a, _): a != nil
    }
  }
}
