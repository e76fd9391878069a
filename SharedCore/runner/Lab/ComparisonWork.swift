import Foundation
import Plotting
import Runner
import Tracking
import Utils

/// The work of `lab compare`: asks the models, trains what is missing, and collects.
final class ComparisonWork {
  private let workspace: Workspace
  private let database: ExperimentDatabase
  private let folder: URL
  private let experiment: String
  private let arguments, common: [String]
  private let search: RunSearch
  /// Copies of the models' programs: packages share one build folder, and the last one built overwrites the others'.
  private let programs: URL
  private var broken: [(folder: String, reason: String)] = []

  init(
    workspace: Workspace, database: ExperimentDatabase, folder: URL, experiment: String, arguments: [String],
    common: [String]
  ) {
    (self.workspace, self.database, self.folder) = (workspace, database, folder)
    (self.experiment, self.arguments, self.common) = (experiment, arguments, common)
    search = RunSearch(database)
    programs = FileManager.default.temporaryDirectory.appending(path: "lab-compare-\(getpid())")
  }

  func cleanUp() { try? FileManager.default.removeItem(at: programs) }

  // MARK: - Asking

  /// Builds the models and asks what they know of the experiment, and counts their networks.
  func prepare(_ folders: [String], skipMissing: Bool) throws -> [ComparedModel] {
    var models: [ComparedModel] = []
    var missing: [String] = []
    for name in folders {
      try ComparisonSignals.check()
      do {
        tell("building \(name)")
        try build(name)
        let description = try ask(name, ["--describe", "--experiment", experiment] + arguments)
        let card = try? ModelCard(contentsOf: workspace.root.appending(path: "models/\(name)/card.yaml"))
        if let model = ComparedModel(description, card: card) {
          models.append(model)
        } else {
          missing.append(name)
        }
      } catch let error as LabError where error.exitCode == 1 {
        tell("\(name): \(error)")
        broken.append((name, "\(error)"))
      }
    }
    if !missing.isEmpty, !skipMissing || models.isEmpty {
      let having = models.map(\.folder)
      throw LabError(
        .usage,
        "\(missing.joined(separator: " and ")) \(missing.count == 1 ? "has" : "have") no experiment \(experiment)",
        remedy: having.isEmpty
          ? "see the experiments of a model with: lab models \(missing[0])"
          : "\(having.joined(separator: ", ")) \(having.count == 1 ? "has" : "have") it; leave the others out with "
            + "--skip-missing")
    }
    for name in missing { tell("\(name) has no experiment \(experiment) and is left out") }
    return models
  }

  /// The model with its network counted, and its data known, as they are with this seed.
  private func counted(_ model: ComparedModel, seed: Int) throws -> ComparedModel {
    var model = model
    let question = ["--summary", "auto", "--experiment", experiment] + arguments + ["--seed", "\(seed)"]
    do {
      model.take(counted: try ask(model.folder, question + common), seed: seed)
    } catch let error as LabError where error.exitCode == 1 {
      tell("\(model.folder) was not counted: \(error)")  // its run will say why
    }
    return model
  }

  private func build(_ name: String) throws {
    let program = try ModelProgram(named: name, in: workspace)
    try program.build()
    let copies = programs.appending(path: name)
    try FileManager.default.createDirectory(at: copies, withIntermediateDirectories: true)
    for product in ["train", "evaluate"] {
      try FileManager.default.copyItem(
        at: program.program(product, []).program, to: copies.appending(path: product))
    }
  }

  private func child(_ name: String, _ product: String, _ arguments: [String]) -> Child {
    var child = Child(programs.appending(path: "\(name)/\(product)"), arguments)
    child.folder = workspace.root.appending(path: "models/\(name)")
    child.environment["LAB_ROOT"] = workspace.root.path
    return child
  }

  private func ask(_ name: String, _ arguments: [String]) throws -> JSONValue {
    let answer = try child(name, "train", arguments).answer(trapped: "the train of \(name) broke off")
    guard answer["model"]?.string == name else {
      throw LabError(
        .model, "the train of \(name) says that it is \(answer["model"]?.string ?? "nobody")",
        remedy: "wait until other builds are through and give the command again")
    }
    return answer
  }

  // MARK: - Training

  /// Trains what is not in the record, a run after the other; rows with what was found, trained or failed.
  func train(_ models: [ComparedModel], seeds count: Int) throws -> [ComparisonRow] {
    let total = models.count * count
    var number = 0
    return try models.map { model in
      var model = model
      let runs = try model.seeds(count).map { seed -> ComparedRun in
        number += 1
        try ComparisonSignals.check()
        model = try counted(model, seed: seed)
        return try run(model, seed: seed, at: "[\(number)/\(total)] \(model.folder), seed \(seed)")
      }
      return ComparisonRow(model, runs)
    }
      + broken.compactMap { name, reason in
        ComparedModel(
          ["model": .string(name), "experiment": ["name": .string(experiment), "settings": [:]]], card: nil
        )
        .map { ComparisonRow($0, [ComparedRun(seed: 0, failure: reason)]) }
      }
  }

  private func run(_ model: ComparedModel, seed: Int, at place: String) throws -> ComparedRun {
    if let record = try search.finished(model, seed: seed) {
      tell("\(place): run \(record.id) is there already")
      return try ComparedRun(seed: seed, record, in: database)
    }
    var arguments = ["--experiment", model.experiment] + arguments + ["--seed", "\(seed)"]
    if let stopped = try search.stopped(model, seed: seed) {
      tell("\(place): goes on with run \(stopped.id)")
      arguments = ["--resume", stopped.folder.path + "/"]
    } else {
      tell("\(place): training")
    }
    let log = folder.appending(path: "logs/\(model.folder)-seed\(seed).txt")
    let watched = WatchedRun(
      child(model.folder, "train", arguments + common + ["--tags", "compare"]), log: log)
    let (code, lastLine) = try watched.run()
    try ComparisonSignals.check()
    guard code == 0, let record = try search.finished(model, seed: seed) else {
      tell("  failed: \(lastLine)")
      return ComparedRun(seed: seed, failure: code == 0 ? "its run is not in the database" : lastLine)
    }
    let accuracy = ["test", "all", "val", "train"].lazy.compactMap { part in
      record.summary["\(part)_accuracy"].map { "\(part) accuracy \(figure($0))" }
    }.first
    tell("  finished in \(durationText(record.seconds ?? 0)): \(accuracy ?? record.reason ?? "-")")
    return try ComparedRun(seed: seed, record, in: database)
  }

  // MARK: - Pictures

  /// The decision regions of each model's first run, where a sample is two numbers.
  func regions(_ rows: [ComparisonRow]) -> [String: DecisionRegions] {
    var found: [String: DecisionRegions] = [:]
    for row in rows {
      guard let record = row.runs.compactMap(\.record).first else { continue }
      let evaluate = child(
        row.model.folder, "evaluate", ["--regions", "--checkpoint", record.folder.path + "/"] + common)
      guard let answer = try? evaluate.answer(trapped: "") else { continue }
      found[row.model.folder] = DecisionRegions(json: answer, title: row.model.title)
    }
    return found
  }

  private func tell(_ line: String) {
    print(line)
    fflush(nil)
  }
}

/// A training that is watched: what it says goes to a log, and its newest line to the terminal.
private struct WatchedRun {
  private let child: Child
  private let log: URL

  init(_ child: Child, log: URL) {
    self.child = child
    self.log = log
  }

  /// Its exit code, and the last line that it said.
  func run() throws -> (code: Int32, lastLine: String) {
    try? FileManager.default.createDirectory(
      at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
    let process = try child.prepared()
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    guard let file = try? FileHandle(forWritingTo: log) else {
      throw LabError(
        .usage, "\(log.path) cannot be written", remedy: "free some space, or make the folder writable")
    }
    process.standardOutput = file
    process.standardError = file
    try child.start(process)
    let shower = LineShower(log)
    let watching = Thread { shower.follow() }
    watching.start()
    ComparisonSignals.wait(for: process)
    shower.stop()
    let lines = (try? String(contentsOf: log, encoding: .utf8))?.split(separator: "\n") ?? []
    let complaint = lines.last { $0.hasPrefix("error: ") } ?? lines.last ?? "it said nothing"
    let sentence = complaint.trimmingPrefix("error: ")
    return (process.terminationStatus, String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence))
  }
}

/// Shows the newest line of a file on the terminal, once a moment, in place of the one before.
private final class LineShower: @unchecked Sendable {
  private let file: URL
  private let done = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ file: URL) { self.file = file }

  func follow() {
    var shown = ""
    while done.wait(timeout: .now() + 0.5) == .timedOut {
      guard Terminal.showsErrors, let line = newest(), line != shown else { continue }
      shown = line
      Terminal.writeError("\r\u{1B}[K  \(line.prefix(max(Terminal.columns - 4, 20)))")
    }
    if !shown.isEmpty { Terminal.writeError("\r\u{1B}[K") }
    ended.signal()
  }

  func stop() {
    done.signal()
    ended.wait()
  }

  private func newest() -> String? {
    guard let handle = try? FileHandle(forReadingFrom: file), let end = try? handle.seekToEnd() else {
      return nil
    }
    try? handle.seek(toOffset: end > 1000 ? end - 1000 : 0)
    let data = (try? handle.readToEnd()) ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").last.map(String.init)
  }
}
