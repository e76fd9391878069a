import Utils

/// How far a training has come: whole epochs, and the part of the next one that is behind.
///
/// With the weights and the rule's state it is all that a process needs to go on where another ended: the order of the
/// batches, the masks of dropout and the schedule depend on the seed and on this.
public struct TrainingPosition: Equatable, Sendable {
  /// Whole epochs, and all steps.
  public private(set) var epochs, steps: Int
  /// Batches of the next epoch that are behind.
  public private(set) var batches = 0
  /// What they reported.
  private var totals = EpochTotals()

  /// After whole `epochs` with so many steps.
  public init(epochs: Int = 0, steps: Int = 0) {
    require(epochs >= 0 && steps >= 0, "a training cannot be at epoch \(epochs), step \(steps)")
    (self.epochs, self.steps) = (epochs, steps)
  }

  /// Goes a step further.
  mutating func add(_ result: StepResult) {
    steps += 1
    batches += 1
    totals.add(result)
  }

  /// The epoch under way is whole; what its steps reported.
  mutating func endEpoch() -> EpochTotals {
    defer { (epochs, batches, totals) = (epochs + 1, 0, EpochTotals()) }
    return totals
  }

  /// For a checkpoint. What the steps reported stands in it only inside an epoch.
  public var json: JSONValue {
    var place: [String: JSONValue] = ["epoch": .integer(Int64(epochs)), "step": .integer(Int64(steps))]
    if batches > 0 {
      place["batch"] = .integer(Int64(batches))
      place["totals"] = totals.json
    }
    return .object(place)
  }

  /// The position that `json` describes; nil where it describes none.
  public init?(json: JSONValue) {
    let limit = 0...1 << 50
    guard let epochs = json["epoch"]?.int, let steps = json["step"]?.int, limit.contains(epochs),
      limit.contains(steps)
    else { return nil }
    self.init(epochs: epochs, steps: steps)
    guard let batches = json["batch"] else { return }
    guard let count = batches.int, 1...max(steps, 1) ~= count,
      let totals = json["totals"].flatMap({ EpochTotals(json: $0, steps: count) })
    else { return nil }
    (self.batches, self.totals) = (count, totals)
  }
}

/// What the steps of an epoch reported: means weighted by the number of examples, sums added, in double precision.
struct EpochTotals: Equatable, Sendable {
  private(set) var steps = 0
  private var means: [(name: String, value: WeightedMean)] = []
  private var sums: [Metric] = []
  private var confusion: ConfusionMatrix?

  init() {}

  mutating func add(_ result: StepResult) {
    if steps == 0 {
      means = result.means.map { ($0.name, WeightedMean()) }
      sums = result.sums.map { Metric($0.name, 0) }
      confusion = result.confusion.map { ConfusionMatrix(classes: $0.classes) }
    }
    require(
      means.count == result.means.count && sums.count == result.sums.count,
      "every step of an epoch measures the same, the first \(means.map(\.name) + sums.map(\.name))")
    steps += 1
    for slot in means.indices { means[slot].value.add(result.means[slot].value, count: result.count) }
    for slot in sums.indices {
      sums[slot] = Metric(sums[slot].name, sums[slot].value + result.sums[slot].value)
    }
    if let more = result.confusion { confusion? += more }
  }

  func metrics(prefix: String) -> [Metric] {
    means.compactMap { mean in mean.value.mean.map { Metric(prefix + mean.name, $0) } }
      + sums.map { Metric(prefix + $0.name, $0.value) }
      + (confusion?.f1 ?? []).map { $0.named(prefix: prefix) }
  }

  /// `[[name, sum, examples], ...]` of the means, `[[name, sum], ...]` of the sums, the counts of the confusion matrix.
  var json: JSONValue {
    var totals: [String: JSONValue] = [
      "means": .array(
        means.map { [.string($0.name), .number($0.value.sum), .integer(Int64($0.value.count))] }),
      "sums": .array(sums.map { [.string($0.name), .number($0.value)] }),
    ]
    totals["confusion"] = confusion.map { .array($0.counts.map { .integer(Int64($0)) }) }
    return .object(totals)
  }

  init?(json: JSONValue, steps: Int) {
    self.steps = steps
    guard let means = json["means"]?.array, let sums = json["sums"]?.array else { return nil }
    for entry in means.map({ $0.array ?? [] }) {
      guard entry.count == 3, let name = entry[0].string, let sum = entry[1].double, let count = entry[2].int,
        count >= 0
      else { return nil }
      self.means.append((name, WeightedMean(sum: sum, count: count)))
    }
    for entry in sums.map({ $0.array ?? [] }) {
      guard entry.count == 2, let name = entry[0].string, let value = entry[1].double else { return nil }
      self.sums.append(Metric(name, value))
    }
    guard let counts = json["confusion"]?.array else { return }
    guard let confusion = ConfusionMatrix(counts: counts.compactMap(\.int)),
      confusion.counts.count == counts.count
    else { return nil }
    self.confusion = confusion
  }

  static func == (a: EpochTotals, b: EpochTotals) -> Bool {
    a.steps == b.steps && a.sums == b.sums && a.confusion == b.confusion
      && a.means.elementsEqual(b.means) { $0.name == $1.name && $0.value == $1.value }
  }
}
