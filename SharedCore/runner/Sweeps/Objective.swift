import DataUtils
import Engine
import Utils

/// What the runs of a sweep are ranked by.
struct Objective: Equatable {
  /// A metric of a finished run: `val_accuracy`.
  let metric: String
  /// Whether more or less of it is better.
  let goal: Goal
  /// The value with which the search ends; nil for none.
  let target: Double?

  /// `metric:` of a sweep file; less is better unless it says otherwise.
  init(_ reader: SweepReader) throws {
    try reader.check(keys: ["name", "goal", "target", "impute", "impute_while_running"])
    guard let name = try reader.text("name") else {
      throw reader.error("has no name", "add the line name: val_loss, or another metric")
    }
    let goal = try reader.text("goal") ?? "minimize"
    guard let goal = Goal(rawValue: goal) else {
      throw reader.error("has the goal \(goal.quoted)", "say minimize or maximize")
    }
    self.init(metric: name, goal: goal, target: try reader.number("target"))
  }

  init(metric: String, goal: Goal, target: Double?) {
    (self.metric, self.goal, self.target) = (metric, goal, target)
  }

  /// The run has a value at which the search may end.
  func isReached(by cell: StudyCell) -> Bool {
    guard let target, let value = cell.metrics[metric] else { return false }
    return value == target || goal.isBetter(value, than: target)
  }

  /// The best first; what has no value last, and equals in their order.
  func ranked<Element>(_ elements: [Element], by value: (Element) -> Double?) -> [Element] {
    let keyed = elements.enumerated().map { ($0.offset, $0.element, value($0.element)) }
    return keyed.sorted { a, b in
      guard let x = a.2, let y = b.2, x != y else {
        return (a.2 != nil) == (b.2 != nil) ? a.0 < b.0 : a.2 != nil
      }
      return goal.isBetter(x, than: y)
    }.map(\.1)
  }

  /// Refuses a metric that a run, `cell`, does not have.
  func check(_ cell: StudyCell) throws {
    guard cell.failure == nil, cell.metrics[metric] == nil else { return }
    throw Self.unknown(metric, in: cell.metrics.keys.sorted())
  }

  /// There is no such metric among `names`.
  static func unknown(_ metric: String, in names: [String]) -> LabError {
    let near =
      (nearestName(to: metric, in: names) ?? sameOfAnotherPart(metric, in: names))
      .map { "did you mean \($0)? " } ?? ""
    return LabError(
      .config, "the sweep's metric \(metric.quoted) is measured by no run",
      remedy: near + "there are \(names.joined(separator: ", "))")
  }

  /// `test_accuracy` for `val_accuracy` or `acuracy` where there is no validation part; the last part comes first.
  private static func sameOfAnotherPart(_ metric: String, in names: [String]) -> String? {
    let parts = DataSplits.Part.allCases.map { "\($0.rawValue)_" }
    func bare(_ name: String) -> String {
      parts.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
    }
    let near = nearestName(to: bare(metric), in: names.map(bare))
    return names.last { bare($0) == near }
  }

  var json: JSONValue {
    [
      "metric": .string(metric), "goal": .string(goal.rawValue),
      "target": target.map(JSONValue.number) ?? nil,
    ]
  }

  init?(json: JSONValue?) {
    guard let metric = json?["metric"]?.string,
      let goal = json?["goal"]?.string.flatMap(Goal.init(rawValue:))
    else { return nil }
    self.init(metric: metric, goal: goal, target: json?["target"]?.double)
  }
}
