import Engine
import Foundation
import Tracking
import Utils

/// What it takes to train a recorded run again, and to tell whether it came out the same.
public struct Reproduction {
  /// The tag of runs that were made for this.
  public static let tag = "reproduction"

  private let run: RunDetails
  private let start: [String]

  /// Throws a `LabError` where the record does not say enough: a run without a checkpoint, or with one that began from
  /// weights that are no longer there.
  public init(of run: RunDetails, in database: ExperimentDatabase) throws {
    self.run = run
    guard run.record.checkpointSHA256 != nil else {
      throw LabError(
        .usage, "run \(run.record.id) (\(run.record.status.rawValue)) has no checkpoint of its result",
        remedy: "name a run that has finished")
    }
    start = try Self.beginning(of: run, in: database)
  }

  /// The command line for `train`.
  public var arguments: [String] {
    let settings = run.parameters.filter { $0.key.hasPrefix("settings.") }.sorted { $0.key < $1.key }
      .map { "\($0.key.dropFirst("settings.".count))=\($0.value == "null" ? "none" : $0.value)" }
    let threads = run.record.machine["libraries"]?["threads"]?.string.map { ["--threads", $0] } ?? []
    return ["--experiment", run.record.experiment, "--tags", Self.tag] + threads + start + settings
  }

  /// The flags for the weights with which it began: none for a run from nothing, nor for one that continues such a run.
  private static func beginning(of run: RunDetails, in database: ExperimentDatabase) throws -> [String] {
    let (record, words) = (run.record, run.record.command.split(separator: " ").map(String.init))
    if let flag = words.firstIndex(of: "--pretrained"), flag + 1 < words.count {
      return Array(words[flag...flag + 1]) + (words.contains("--new-head") ? ["--new-head"] : [])
    }
    guard let parent = record.parent else { return [] }
    let makers = try database.runs(thatMade: parent)
    if run.parameters["start"] == "resumed" || words.contains("--resume") {
      guard let before = makers.first else {
        throw LabError(
          .usage, "run \(record.id) went on with a checkpoint of no run in the record",
          remedy: "name a run that was not resumed")
      }
      return try beginning(of: database.run(before.id), in: database)
    }
    let files = makers.flatMap { maker in
      ["last", "best"].map { maker.folder.appending(path: "models/\($0).safetensors") }
    }
    guard let file = files.first(where: { (try? SHA256.hex(ofFileAt: $0)) == parent }) else {
      throw LabError(
        .usage,
        "run \(record.id) began with weights that are no longer there (SHA-256 \(parent.prefix(12))...)",
        remedy: "name a run that began from nothing")
    }
    return ["--load-checkpoint", file.path]
  }

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

  /// The old run beside `new`.
  public func comparison(with new: RunDetails) throws -> Comparison {
    let isSame = run.record.checkpointSHA256 == new.record.checkpointSHA256
    let rows = [("then", run), ("now", new)].map { [$0, $1.record.id, $1.record.checkpointSHA256 ?? "none"] }
    guard !isSame else { return Comparison(isSame: true, rows: rows, facts: [], tensors: []) }
    let (before, after) = (facts(of: run), facts(of: new))
    let names = Set(before.keys).union(after.keys).sorted()
    let differing = names.filter { before[$0] != after[$0] }.map {
      [$0, before[$0] ?? "-", after[$0] ?? "-"]
    }
    return Comparison(isSame: false, rows: rows, facts: differing, tensors: tensors(new))
  }

  private func facts(of run: RunDetails) -> [String: String] {
    var facts = run.parameters.filter { $0.key != "start" }
    for (key, value) in flattened(run.record.machine) { facts["machine.\(key)"] = value }
    facts["git.commit"] = run.record.git?.commit
    facts["git.dirty"] = run.record.git.map { "\($0.isDirty)" }
    return facts
  }

  private func tensors(_ new: RunDetails) -> [[String]] {
    let files = [run, new].map { $0.record.folder.appending(path: "models/last.safetensors") }
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
