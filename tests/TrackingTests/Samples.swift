import Foundation
import Testing
import Utils

@testable import Tracking

/// A fresh folder that is removed after `body`.
func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tracking-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

/// 2026-11-21 06:21:33.250 UTC.
let sampleDate = Date(timeIntervalSince1970: 1_795_242_093.25)

func sampleRun(
  id: String = "abc123", experiment: String = "xor", model: String = "01_perceptron", seed: UInt64 = 42,
  config: JSONValue = ["epochs": 10, "optimizer": ["learning_rate": 0.1, "name": "sgd"]], tags: [String] = [],
  started: Date = sampleDate
) -> RunDescription {
  RunDescription(
    id: id, model: model, architecture: "Perceptron", experiment: experiment, dataset: "xor", seed: seed,
    config: config, tags: tags, command: ["train", "--experiment", experiment],
    git: GitFacts(commit: "2f1a", branch: "main", isDirty: true),
    machine: MachineFacts(host: "h", cpu: "c", cores: 2, memory: 1 << 30, system: "Linux", swift: "6.3"),
    libraries: ["oneDNN": "2.6.0"], started: started)
}

func sampleOutcome(
  _ status: RunStatus = .finished, accuracy: Double = 0.75, extra: [(name: String, value: Double)] = []
) -> RunOutcome {
  RunOutcome(
    status: status, summary: [("all_accuracy", accuracy)] + extra,
    result: RunResult(
      experiment: "xor", split: "all", count: 4, metrics: ["accuracy": accuracy], band: "all accuracy <= 0.75"
    ),
    checkpointSHA256: "feed", ended: sampleDate.addingTimeInterval(2), seconds: 2, peakMemory: 1000)
}

/// Enters a whole run and returns its folder.
@discardableResult
func record(_ run: RunDescription, _ outcome: RunOutcome?, in database: ExperimentDatabase) throws
  -> RunFolder
{
  let outputs = database.url.deletingLastPathComponent()
  let url = outputs.appendingPathComponent("\(run.experiment)/20261121-062133-\(run.id)", isDirectory: true)
  let folder = try #require(RunFolder(at: url))
  try database.begin(run, in: folder)
  if let outcome { try database.end(run.id, outcome, entries: [], folder: folder.url) }
  return folder
}

/// The error that `body` must throw, if it is a `LabError`.
func labError<Value>(_ body: () throws -> Value) throws -> LabError {
  try #require(throws: LabError.self) { _ = try body() }
}
