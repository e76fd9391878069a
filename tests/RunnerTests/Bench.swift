import ArgumentParser
import DataUtils
import Engine
import Foundation
import Testing
import Tracking
import Utils

@testable import Runner

/// A workspace of its own in a new folder, which is gone when the bench is.
final class Bench {
  let root: URL

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "runner-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  var workspace: Workspace { Workspace(root: root) }
  var outputs: URL { workspace.outputs(of: tinyCatalog.folder) }

  /// A run's log belongs to the process, so runs of tests that go on at once would write into each other's.
  private static let oneAtATime = NSRecursiveLock()

  /// Runs `train` in this process and gives the folder of its run.
  @discardableResult
  func train(_ arguments: String...) throws -> RunFolder { try train(arguments) }

  /// The same with a list.
  @discardableResult
  func train(_ arguments: [String]) throws -> RunFolder {
    let options = try TrainOptions.parse(arguments + ["--log-level", "error"])
    let code = try Self.oneAtATime.withLock { try TrainCommand(tinyCatalog, options, in: workspace).run() }
    #expect(code == 0)
    let outputs = options.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? self.outputs
    return try RunFolder.find("latest", under: outputs)
  }

  /// Runs `evaluate` in this process.
  func evaluate(_ arguments: String...) throws {
    let options = try EvaluateOptions.parse(arguments + ["--log-level", "error"])
    #expect(try EvaluateCommand(tinyCatalog, options, in: workspace).run() == 0)
  }

  /// The plan of an experiment with some settings changed.
  func plan(_ name: String, _ words: String...) throws -> RunPlan {
    let experiment = try tinyCatalog.experiment(name)
    var settings = experiment.settings
    for word in words { try settings.apply(word: word) }
    return try RunPlan(
      tinyCatalog, experiment, settings, folder: DataFolder(root.appending(path: "data").path), prefetch: 0)
  }
}

func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

func json(_ url: URL) throws -> JSONValue { try JSONValue(parsing: Array(Data(contentsOf: url))) }

/// The names of the files in `folder`, sorted.
func files(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
