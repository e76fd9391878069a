import Foundation
import Utils

/// How far a run is, or how it ended.
public enum RunStatus: String, CaseIterable, Sendable {
  /// Started and not ended, as far as the record knows; what was killed stays here until somebody looks.
  case running
  /// Ended as planned, early stopping included.
  case finished
  /// Ended by the person (SIGINT, SIGTERM), with everything saved.
  case stopped
  /// Ended by an error.
  case failed
  /// Its process ended without a word: SIGKILL, a loss of power.
  case killed
}

/// The result of an experiment: what results.json and `evaluate --output` begin with.
public struct RunResult: Equatable, Sendable {
  /// The experiment.
  public var experiment: String
  /// The part of the data: train, val, test or all.
  public var split: String
  /// How many examples the metrics are over.
  public var count: Int
  /// Metrics without the part's name: `accuracy`.
  public var metrics: [String: Double]
  /// The band the result is expected in, such as "test accuracy >= 0.97"; null if there is none.
  public var band: JSONValue
  /// The published figure; null if there is none.
  public var published: JSONValue
  /// Whether the result lies in its band; nil if there is no band.
  public var isWithinBand: Bool?

  /// A result as given.
  public init(
    experiment: String, split: String, count: Int, metrics: [String: Double], band: JSONValue = nil,
    published: JSONValue = nil,
    isWithinBand: Bool? = nil
  ) {
    (self.experiment, self.split, self.count) = (experiment, split, count)
    (self.metrics, self.band, self.published, self.isWithinBand) = (metrics, band, published, isWithinBand)
  }

  /// `{"experiment", "split", "count", "metrics", "band", "published"}`, and `"within_band"` if there is a band.
  public var json: JSONValue {
    var members: [String: JSONValue] = [
      "experiment": .string(experiment), "split": .string(split), "count": .integer(Int64(count)),
      "metrics": .object(metrics.mapValues(JSONValue.number)), "band": band, "published": published,
    ]
    if let isWithinBand { members["within_band"] = .bool(isWithinBand) }
    return .object(members)
  }
}

/// How a run ended and what it cost.
public struct RunOutcome: Sendable {
  /// finished, stopped or failed.
  public var status: RunStatus
  /// The process's exit code: 0, or what the error says.
  public var exitCode: Int32
  /// Why it ended, in one sentence; nil when it simply went through its epochs.
  public var reason: String?
  /// The last or best value of each metric, whichever the run reports, by names such as `test_accuracy`.
  public var summary: [(name: String, value: Double)]
  /// The result against its band; nil when the run did not come so far.
  public var result: RunResult?
  /// What else results.json holds, by key.
  public var details: [String: JSONValue]
  /// SHA-256 of the checkpoint that holds the result; nil when none was saved.
  public var checkpointSHA256: String?
  /// When the run ended.
  public var ended: Date
  /// Wall-clock time in seconds.
  public var seconds: Double
  /// The most memory the process held, in bytes.
  public var peakMemory: Int

  /// An outcome as given.
  public init(
    status: RunStatus, exitCode: Int32 = 0, reason: String? = nil,
    summary: [(name: String, value: Double)] = [],
    result: RunResult? = nil, checkpointSHA256: String? = nil, details: [String: JSONValue] = [:],
    ended: Date = Date(), seconds: Double,
    peakMemory: Int = MachineFacts.peakMemory()
  ) {
    (self.status, self.exitCode, self.reason, self.summary) = (status, exitCode, reason, summary)
    (self.result, self.checkpointSHA256, self.details) = (result, checkpointSHA256, details)
    (self.ended, self.seconds, self.peakMemory) = (ended, seconds, peakMemory)
  }

  /// The summary where curves stand beside it, and a figure of the end would be taken for another point of its curve:
  /// `summary/test_accuracy`.
  var summaryApart: [(name: String, value: Double)] { summary.map { ("summary/\($0.name)", $0.value) } }
}

/// A file that a run made.
public struct Artifact: Equatable, Sendable {
  /// Where it lies.
  public var url: URL
  /// What it is: "checkpoint", "picture", "report".
  public var kind: String
  /// Its SHA-256 as 64 hexadecimal digits; nil if nobody computed it.
  public var sha256: String?

  /// An artifact as given.
  public init(url: URL, kind: String, sha256: String? = nil) {
    (self.url, self.kind, self.sha256) = (url, kind, sha256)
  }
}
