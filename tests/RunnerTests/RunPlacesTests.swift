import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner
@testable import Tracking

/// A run that was moved is found again, goes on, and takes its W&B record with it.
@Suite(.serialized) struct RunPlacesTests {
  private let bench: Bench
  private let run: RunFolder

  init() throws {
    bench = try Bench()
    run = try bench.train("--experiment", "xor", "--epochs", "3", "--stop-after-step", "2")
  }

  private var places: RunPlaces {
    get throws { RunPlaces(try ExperimentDatabase(bench.workspace.database, create: false)) }
  }

  @discardableResult
  private func move(_ url: URL, to place: String) throws -> URL {
    let target = bench.root.appending(path: place)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: url, to: target)
    return target
  }

  private func expectFound(_ reference: String? = nil, at url: URL) throws {
    let details = try places.details(reference ?? run.id)
    #expect(details.record.folder.path == url.path)
    #expect(details.artifacts.allSatisfy { FileManager.default.fileExists(atPath: $0.url.path) })
    #expect(try places.folder(run.id).url.path == url.path)
  }

  @Test(
    "wherever below the outputs of a model",
    arguments: [
      "models/99_tiny/outputs/archive/NAME", "models/99_tiny/outputs/old/2026/xor/NAME",
      "models/99_tiny/outputs-old/xor/NAME", "models/01_other/outputs/xor/NAME",
    ])
  func insideTheWorkspace(_ place: String) throws {
    let target = try move(run.url, to: place.replacing("NAME", with: run.url.lastPathComponent))
    try expectFound(at: target)
    let rest = try bench.train("--resume", run.id)
    #expect(try json(rest.results)["status"] == "finished")
    try bench.evaluate("--checkpoint", run.id)
  }

  @Test func withAllOfItsOutputs() throws {
    let target = try move(bench.outputs, to: "models/99_tiny/outputs.2026")
    try expectFound(at: target.appending(path: "xor/\(run.url.lastPathComponent)"))
  }

  @Test func anywhereWhenItsFolderIsNamed() throws {
    let target = try move(run.url, to: "far away/\(run.url.lastPathComponent)")
    let error = try #require(throws: LabError.self) { try places.folder(run.id) }
    #expect(
      error.cause.hasSuffix(
        "lies neither in \(run.url.path) nor below the outputs of any model in \(bench.root.path)/models"),
      "\(error)")
    #expect(error.remedy.contains("name the folder in which it lies now"))
    expectLabError(mentioning: "lies neither in") { try bench.train("--resume", run.id) }
    try expectFound(target.path, at: target)
    try bench.train("--resume", run.id)
    try bench.train("--resume", target.path)
    try bench.train("--resume", target.appending(path: "models/last.safetensors").path)
  }

  @Test func aCopyDoesNotTakeThePlaceOfTheRun() throws {
    let copy = bench.root.appending(path: "models/99_tiny/outputs/copies/\(run.url.lastPathComponent)")
    try FileManager.default.createDirectory(
      at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: run.url, to: copy)
    try expectFound(at: run.url)
    try expectFound(copy.path, at: run.url)
  }

  @Test func itsWandBRecordNamesTheCheckpointWhereItLiesNow() throws {
    let target = try move(run.url, to: "models/99_tiny/outputs/archive/\(run.url.lastPathComponent)")
    _ = try places.details(run.id)
    let wandb = target.appending(path: "wandb")
    let offline = wandb.appending(path: try #require(try files(in: wandb).first))
    let log = offline.appending(path: "run-\(run.id).wandb")
    let bytes = Array(try Data(contentsOf: log))
    let all = String(decoding: bytes, as: UTF8.self)
    #expect(all.contains(offline.appending(path: "staging/last.safetensors").path))
    #expect(!all.contains(run.url.appending(path: "wandb").path))
    let records = try #require(WandBLog.records(in: bytes))
    var again = WandBLog()
    #expect(
      again.header() + records.flatMap { again.frame($0) } == bytes, "the checks are those of the new bytes")
  }

  @Test func aWorkspaceThatWasMovedTakesItsWandBRecordsAlong() throws {
    let moved = FileManager.default.temporaryDirectory.appending(path: "moved-\(UUID().uuidString)")
    try FileManager.default.moveItem(at: bench.root, to: moved)
    defer { try? FileManager.default.moveItem(at: moved, to: bench.root) }
    let database = try ExperimentDatabase(Workspace(root: moved).database, create: false)
    let folder = try RunPlaces(database).folder(run.id)
    #expect(folder.url.path.hasPrefix(moved.path))
    let offline = folder.wandb.appending(path: try #require(try files(in: folder.wandb).first))
    let log = try Data(contentsOf: offline.appending(path: "run-\(run.id).wandb"))
    #expect(
      String(decoding: log, as: UTF8.self).contains(offline.appending(path: "staging/last.safetensors").path))
  }

  @Test func aKilledRunIsCalledSo() throws {
    let database = try ExperimentDatabase(bench.workspace.database, create: false)
    func status() throws -> RunStatus { try database.run(run.id).record.status }
    try places.noteKilledRuns()
    #expect(try status() == .stopped, "it has an end of its own")
    let description = RunDescription(
      id: run.id, model: "99_tiny", architecture: "tiny", experiment: "xor", dataset: "xor", seed: 42,
      command: ["train"], machine: MachineFacts.read())
    try database.begin(description, in: run, goesOn: true)
    let lock = try FolderLock.training(run)
    try places.noteKilledRuns()
    #expect(try status() == .running, "somebody is at it")
    withExtendedLifetime(lock) {}
    _ = consume lock
    try places.noteKilledRuns()
    #expect(try status() == .killed)
    #expect(try database.run(run.id).record.reason == "its process ended without a word")
  }
}
