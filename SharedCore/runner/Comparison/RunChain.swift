import Foundation
import Tracking
import Utils

/// A run and the runs that it went on with, as the record tells them.
struct RunChain {
  /// The oldest first.
  let runs: [RunDetails]
  /// The step at which each of them but the first took over.
  let handovers: [Int]
  private let database: ExperimentDatabase

  /// The chain that ends with `run`; throws where the record does not know with which run another went on.
  ///
  /// A record from before handovers were written down is taken as one training with the last run's settings.
  init(of run: RunDetails, in database: ExperimentDatabase) throws {
    self.database = database
    var (all, steps): ([RunDetails], [Int?]) = ([run], [])
    while let before = try Self.before(all[0], in: database),
      !all.contains(where: { $0.record.id == before.record.id })
    {
      steps.insert(all[0].parameters["resumed.step"].flatMap(Int.init), at: 0)
      all.insert(before, at: 0)
    }
    first = all[0]
    let known = steps.compactMap(\.self)
    (runs, handovers) = known.count == steps.count ? (all, known) : ([run], [])
  }

  /// The run that began from nothing, or from other weights.
  private let first: RunDetails

  private static func before(_ run: RunDetails, in database: ExperimentDatabase) throws -> RunDetails? {
    let record = run.record
    guard run.parameters["start"] == "resumed" else { return nil }
    let named = run.parameters["resumed.run"].flatMap { $0 == "null" ? nil : $0 }
    let makers = try record.parent.map { try database.runs(thatMade: $0) } ?? []
    guard let id = named ?? makers.first?.id else {
      throw LabError(
        .usage, "run \(record.id) went on with a checkpoint that no run in the record has made",
        remedy: "name a run that was not resumed from a file alone")
    }
    guard try database.runs(limit: .max).contains(where: { $0.id == id }) else {
      throw LabError(
        .usage, "run \(record.id) went on with run \(id), which is not in the record",
        remedy: "name a run that was not resumed")
    }
    return try database.run(id)
  }

  /// The flags for the weights with which the first run began; none where it began from nothing.
  func beginning() throws -> [String] {
    let (record, words) = (first.record, shellWords(first.record.command))
    if let flag = words.firstIndex(of: "--pretrained"), flag + 1 < words.count {
      return Array(words[flag...flag + 1]) + (words.contains("--new-head") ? ["--new-head"] : [])
    }
    guard let parent = record.parent else { return [] }
    let files = try database.runs(thatMade: parent).flatMap { maker in
      (try? RunPlaces(database).folder(maker.id)).map { [$0.lastCheckpoint, $0.bestCheckpoint] } ?? []
    }
    guard let file = files.first(where: { (try? SHA256.hex(ofFileAt: $0)) == parent }) else {
      throw LabError(
        .usage,
        "run \(record.id) began with weights that are no longer there (SHA-256 \(parent.prefix(12))...)",
        remedy: "name a run that began from nothing")
    }
    return ["--load-checkpoint", file.path]
  }
}
