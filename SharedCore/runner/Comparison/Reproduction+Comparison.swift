import Engine
import Foundation
import Tracking
import Utils

extension Reproduction {
  /// Two runs side by side.
  public struct Comparison {
    /// The two have the same checkpoint.
    public let isSame: Bool
    /// Which run, and its checkpoint: then and now.
    public let rows: [[String]]
    /// What is recorded of the two and differs: its name, then, now.
    public let facts: [[String]]
    /// The tensors that differ, and by how much at the most; none where the old file is gone.
    public let tensors: [[String]]
  }

  /// The old run beside `new`, which did the last stretch.
  public func comparison(with new: RunDetails) throws -> Comparison {
    let run = chain[chain.count - 1]
    let sum = RecordedCheckpoint.sums(of: new)[goal.name]
    let rows = [
      ["then", run.record.id, goal.sum], ["now", new.record.id, sum ?? "none"],
    ]
    guard goal.sum != sum else { return Comparison(isSame: true, rows: rows, facts: [], tensors: []) }
    return Comparison(
      isSame: false, rows: rows, facts: chain.flatMap { differences($0, from: new, isLast: $0 == run) },
      tensors: tensors(run, new))
  }

  /// What is recorded of `old` and of `new` and differs; of an earlier run of the chain where it was trained and by which
  /// code, for its settings are those of its own stretch.
  private func differences(_ old: RunDetails, from new: RunDetails, isLast: Bool) -> [[String]] {
    let (before, after) = (facts(of: old, withSettings: isLast), facts(of: new, withSettings: isLast))
    let names = Set(before.keys).union(after.keys).sorted()
    return names.filter { before[$0] != after[$0] }.map {
      [isLast ? $0 : "\($0) of \(old.record.id)", before[$0] ?? "-", after[$0] ?? "-"]
    }
  }

  private func facts(of run: RunDetails, withSettings: Bool) -> [String: String] {
    var facts =
      withSettings ? run.parameters.filter { $0.key != "start" && !$0.key.hasPrefix("resumed.") } : [:]
    for (key, value) in flattened(run.record.machine) where withSettings || key != "libraries.threads" {
      facts["machine.\(key)"] = value
    }
    facts["git.commit"] = run.record.git?.commit
    facts["git.dirty"] = run.record.git.map { "\($0.isDirty)" }
    return facts
  }

  private func tensors(_ run: RunDetails, _ new: RunDetails) -> [[String]] {
    let files = [run, new].map { $0.record.folder.appending(path: "models/\(goal.name)") }
    let both = files.compactMap { try? Checkpoint(contentsOf: $0).contents }
    guard both.count == 2 else { return [] }
    return both[0].sorted { $0.key < $1.key }.compactMap { name, item in
      guard let other = both[1][name], other != item else {
        return both[1][name] == nil ? [name, "missing now"] : nil
      }
      guard case .floats(let a, _) = item, case .floats(let b, _) = other, a.count == b.count else {
        return [name, "another shape or number"]
      }
      let largest = zip(a, b).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      return [name, "by \(largest) at the most"]
    }
  }
}
