import ArgumentParser
import Foundation
import Runner
import Tracking
import Utils

/// The experiment database of the workspace.
func openDatabase() throws -> (workspace: Workspace, database: ExperimentDatabase) {
  let workspace = try Workspace()
  guard FileManager.default.fileExists(atPath: workspace.database.path) else {
    throw LabError(
      .tracking, "no run has been recorded in \(workspace.database.path)",
      remedy: "train first: cd models/01_perceptron && swift run train --experiment iris-hard")
  }
  let database = try ExperimentDatabase(workspace.database, create: false)
  if let notice = database.notice { Terminal.writeError("warning: \(notice)\n") }
  try? RunPlaces(database).noteKilledRuns()  // a record that cannot be written can still be read
  return (workspace, database)
}

extension ExperimentDatabase {
  /// The run that a person means: `latest`, its id, the beginning of it, or its folder.
  func details(_ reference: String) throws -> RunDetails { try RunPlaces(self).details(reference) }
}

/// `lab runs`: the newest runs of all models.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Lists the newest runs of all models.")

  @Option(help: ArgumentHelp("Only runs of this model, such as 01_perceptron.", valueName: "name"))
  var model: String?
  @Option(help: ArgumentHelp("Only runs of this experiment.", valueName: "name"))
  var experiment: String?
  @Option(help: ArgumentHelp("Only runs with this tag.", valueName: "word"))
  var tag: String?
  @Option(
    help: ArgumentHelp(
      "Only runs that are running, finished, stopped, failed or killed.", valueName: "status"))
  var status: String?
  @Option(help: ArgumentHelp("How many to list.", valueName: "n"))
  var limit = 20
  @Flag(help: "Instead, the finished runs of --experiment by architecture: mean, deviation, best.")
  var byArchitecture = false
  @Option(help: ArgumentHelp("The figure for --by-architecture.", valueName: "metric"))
  var metric = "accuracy"

  func run() throws {
    if byArchitecture { return try listArchitectures() }
    let status = try self.status.map { name in
      guard let status = RunStatus(rawValue: name) else {
        throw LabError(
          .usage, "--status \(name) is not known",
          remedy: "give one of \(RunStatus.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return status
    }
    guard limit > 0 else { throw LabError(.usage, "--limit is \(limit)", remedy: "give a number from 1 on") }
    let (workspace, database) = try openDatabase()
    let model = try self.model.map { try known($0, .model, database, besides: workspace.models) }
    let experiment = try self.experiment.map { try known($0, .experiment, database) }
    let tag = try self.tag.map { try known($0, .tag, database) }
    let filter = RunFilter(model: model, experiment: experiment, tag: tag, status: status)
    let runs = try database.runs(filter, limit: limit)
    guard !runs.isEmpty else {
      print("no run fits; lab runs without filters lists the newest")
      return
    }
    let head = ["RUN", "STARTED", "MODEL", "EXPERIMENT", "STATUS", "TIME", "RESULT", "TAGS"]
    print(aligned([head] + runs.map(row)))
  }

  /// The name that is meant: one of the record, or of a model the only one that holds it.
  ///
  /// Throws a `LabError` with the nearest where there is none.
  private func known(
    _ name: String, _ kind: ExperimentDatabase.NameKind, _ database: ExperimentDatabase,
    besides others: [String] = []
  ) throws -> String {
    let names = Set(try database.names(of: kind) + others).sorted()
    if names.contains(name) { return name }
    let parts = kind == .model ? names.filter { $0.lowercased().contains(name.lowercased()) } : []
    if parts.count == 1, !name.isEmpty { return parts[0] }
    let near = nearestName(to: name, in: names) ?? nearestModel(to: name, in: kind == .model ? names : [])
    throw LabError(
      .tracking, "no run has the \(kind.rawValue) \(name.quoted)",
      remedy: (near.map { "did you mean \($0)? " } ?? "")
        + (names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))"))
  }

  /// The model whose name is near without the number before it.
  private func nearestModel(to name: String, in models: [String]) -> String? {
    let bare = models.map { String($0.drop { $0.isNumber }.drop { $0 == "_" }) }
    return nearestName(to: name, in: bare).flatMap { near in
      bare.firstIndex(of: near).map { models[$0] }
    }
  }

  private func listArchitectures() throws {
    guard let experiment else {
      throw LabError(
        .usage, "--by-architecture compares the runs of one experiment", remedy: "name it with --experiment")
    }
    let (name, rows) = try openDatabase().database.architectures(of: experiment, by: metric)
    print("\(name) of the finished runs of \(experiment)\n")
    print(
      aligned(
        [["MODEL", "ARCHITECTURE", "RUNS", "MEAN", "DEVIATION", "BEST"]]
          + rows.map { row in
            [
              row.model, row.architecture, "\(row.runs)", figure(row.mean), row.deviation.map(figure) ?? "-",
              figure(row.best),
            ]
          }))
  }

  private func row(_ run: RunRecord) -> [String] {
    [
      run.id, Timestamp.readable(run.started), run.model, run.experiment, run.status.rawValue,
      run.seconds.map(durationText) ?? "-", headline(run), run.tags.joined(separator: ","),
    ]
  }

  /// The figure that says most about a run.
  private func headline(_ run: RunRecord) -> String {
    for part in ["test", "all", "val", "train"] {
      if let accuracy = run.summary["\(part)_accuracy"] { return "\(part) accuracy \(figure(accuracy))" }
    }
    let reason = run.reason ?? "-"
    return reason.count > 60 ? reason.prefix(57) + "..." : reason
  }
}

/// `lab show RUN`: all that is known of one run.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows all that is known of one run.")

  @Argument(
    help: ArgumentHelp("The run's id, its first three characters or more, or latest.", valueName: "run"))
  var reference: String
  @Option(help: ArgumentHelp("Instead, every value of this metric, such as train_loss.", valueName: "metric"))
  var history: String?

  func run() throws {
    let (_, database) = try openDatabase()
    let run = try database.details(reference)
    if let history { return try show(history, of: run, in: database) }
    let record = run.record
    var facts: [[String]] = [
      ["run", Terminal.bold(record.id)], ["model", record.model], ["experiment", record.experiment],
      ["data", record.dataset], ["status", statusText(record)],
      ["started", Timestamp.readable(record.started)], ["time", record.seconds.map(durationText) ?? "-"],
      ["peak memory", record.peakMemory.map { "\($0 >> 20) MiB" } ?? "-"], ["machine", record.host],
      ["commit", commit(record.git)],
      ["tags", record.tags.isEmpty ? "-" : record.tags.joined(separator: ", ")],
      ["command", record.command], ["folder", record.folder.path],
      ["checkpoint", record.checkpointSHA256 ?? "none"],
    ]
    if let parent = record.parent { facts.append(["began from", parent]) }
    print(aligned(facts))
    section("RESULT", record.summary.sorted { $0.key < $1.key }.map { [$0.key, figure($0.value)] })
    section("SETTINGS", run.parameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
    section("FILES", run.artifacts.map { [$0.kind, $0.url.path] })
    section("HISTORY", run.metricNames.isEmpty ? [] : [["of", run.metricNames.joined(separator: ", ")]])
  }

  private func show(_ metric: String, of run: RunDetails, in database: ExperimentDatabase) throws {
    let points = try database.history(of: metric, in: run.record.id)
    guard !points.isEmpty else {
      throw LabError(
        .usage, "run \(run.record.id) has no metric \(metric.quoted)",
        remedy: "it has \(run.metricNames.joined(separator: ", "))")
    }
    print(
      aligned([["STEP", "EPOCH", metric]] + points.map { ["\($0.step)", "\($0.epoch)", figure($0.value)] }))
  }

  private func statusText(_ record: RunRecord) -> String {
    record.status.rawValue + (record.reason.map { ": \($0)" } ?? "")
  }

  private func section(_ title: String, _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    print("\n\(title)\n\(aligned(rows))")
  }

  private func commit(_ git: GitFacts?) -> String {
    guard let git else { return "not in a checkout" }
    return (git.commit ?? "none yet") + (git.isDirty ? ", with changes that were not committed" : "")
  }
}

/// `lab best`: the best run of an experiment.
struct BestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best", abstract: "Finds the best run of an experiment.")

  @Option(help: ArgumentHelp("The experiment.", valueName: "name"))
  var experiment: String
  @Option(help: ArgumentHelp("What to compare: accuracy, test_f1_macro, val_loss, ...", valueName: "metric"))
  var metric = "accuracy"

  func run() throws {
    let (_, database) = try openDatabase()
    let best = try database.best(of: experiment, by: metric)
    print(
      aligned([
        ["best run", Terminal.bold(best.run.id)],
        [best.metric, "\(figure(best.value)) (\(best.direction) is better)"],
        ["model", best.run.model], ["started", Timestamp.readable(best.run.started)],
        ["command", best.run.command], ["folder", try database.details(best.run.id).record.folder.path],
      ]))
  }
}
