import Engine
import Foundation
import Tracking
import Utils

/// What it takes to train a recorded run again, and to tell whether it came out the same.
///
/// A run that went on with others is trained as it was, stretch by stretch, where their settings or threads differ; one that
/// was ended on the way is trained up to its last state.
public struct Reproduction {
  /// The tag of runs that were made for this.
  public static let tag = "reproduction"

  /// A part of the training that one process can do.
  public struct Stretch: Equatable, Sendable {
    /// The run that went this way.
    public let run: String
    /// Where it began: flags for its first weights; empty where it goes on, or begins from nothing.
    let start: [String]
    /// Threads and settings.
    let words: [String]
    /// The step after which it ended; nil where it ends by itself.
    public let end: Int?

    /// The command line for `train`; `previous` is the run that did the stretch before.
    public func arguments(experiment: String, after previous: String?) -> [String] {
      let beginning = previous.map { ["--resume", $0] } ?? ["--experiment", experiment] + start
      return beginning + ["--tags", Reproduction.tag] + words
        + (end.map { ["--stop-after-step", "\($0)"] } ?? [])
    }
  }

  /// The parts, in order.
  public let stretches: [Stretch]
  /// What a person should know before it begins: that the run was ended on the way, or went on with others.
  public let notices: [String]
  /// The run, and those that it went on with before it, the oldest first.
  let chain: [RunDetails]
  /// What it shall come to.
  let goal: RecordedCheckpoint

  /// Throws a `LabError` where the record does not say enough: a run without a checkpoint, one that is still trained, or one
  /// that began from weights that are no longer there.
  public init(of run: RunDetails, in database: ExperimentDatabase) throws {
    let history = try RunChain(of: run, in: database)
    let goal = try RecordedCheckpoint(of: run, in: database)
    let (runs, words) = (history.runs, history.runs.map(Self.words))
    (chain, self.goal) = (runs, goal)
    let start = try history.beginning()
    // Whoever goes on with the same words goes on with the same training.
    let handovers = history.handovers.enumerated().filter { words[$0.offset] != words[$0.offset + 1] }
    stretches =
      handovers.enumerated().map { place, handover in
        Stretch(
          run: runs[handover.offset].record.id, start: place == 0 ? start : [],
          words: words[handover.offset], end: handover.element)
      } + [
        Stretch(
          run: run.record.id, start: handovers.isEmpty ? start : [], words: words[words.count - 1],
          end: goal.end)
      ]
    var notices: [String] = []
    if runs.count > 1 {
      let earlier = runs.dropLast().map(\.record.id).joined(separator: ", ")
      notices.append(
        "run \(run.record.id) went on with \(earlier): "
          + (handovers.isEmpty
            ? "all of it is one training, and is trained from its beginning"
            : "their settings or threads differ, so each part is trained as it was"))
    }
    self.notices = notices + [goal.notice].compactMap(\.self)
  }

  private static func words(_ run: RunDetails) -> [String] {
    let settings = run.parameters.filter { $0.key.hasPrefix("settings.") }.sorted { $0.key < $1.key }
      .map { "\($0.key.dropFirst("settings.".count))=\($0.value == "null" ? "none" : $0.value)" }
    let threads = run.record.machine["libraries"]?["threads"]?.string.map { ["--threads", $0] } ?? []
    return threads + settings
  }
}
