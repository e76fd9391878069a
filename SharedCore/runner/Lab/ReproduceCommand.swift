import ArgumentParser
import Foundation
import Runner
import Tracking
import Utils

/// `lab reproduce RUN`: trains a run again and holds the two checkpoints against each other.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Trains a recorded run again, and says whether its checkpoint has the same bytes.",
    discussion: """
      The new run has the settings and the number of threads of the old one, and the tag reproduction. Where the bytes \
      differ it says which recorded facts do: commit, processor, libraries, data, settings. A run that went on \
      with others is trained from their beginning, each part with its own settings and threads; one that was ended on the \
      way, up to its last state.
      """)

  @Argument(
    help: ArgumentHelp("The run's id, its first three characters or more, or latest.", valueName: "run"))
  var reference: String
  @Option(
    name: .customLong("data-root"),
    help: ArgumentHelp("Folder of the downloaded data sets.", valueName: "folder"))
  var dataRoot: String?

  func run() throws {
    let (workspace, database) = try openDatabase()
    let old = try database.details(reference)
    let reproduction = try Reproduction(of: old, in: database)
    let program = try ModelProgram(named: old.record.model, in: workspace)
    print("building \(program.folder)")
    try program.build()
    for notice in reproduction.notices { print(notice) }
    print(
      "training \(old.record.experiment) again, which took \(old.record.seconds.map(durationText) ?? "?") then"
    )
    var previous: String?
    for stretch in reproduction.stretches {
      if reproduction.stretches.count > 1 {
        print("  as run \(stretch.run)\(stretch.end.map { ", up to step \($0)" } ?? ", to its end")")
      }
      fflush(nil)
      let words = stretch.arguments(experiment: old.record.experiment, after: previous)
      previous = try train(words, as: old, program, workspace, database)
    }
    guard let previous else { return }
    try report(reproduction.comparison(with: database.run(previous)))
  }

  /// Trains once; the id of the new run.
  private func train(
    _ words: [String], as old: RunDetails, _ program: ModelProgram, _ workspace: Workspace,
    _ database: ExperimentDatabase
  ) throws -> String {
    var train = program.program(
      "train", words + (dataRoot.map { ["--data-root", URL(filePath: $0).path] } ?? []))
    train.environment["LAB_ROOT"] = workspace.root.path
    let ending = try train.run()
    guard ending.code == 0 else {
      let lines = ending.errors.split(separator: "\n").map(String.init)
      throw LabError(
        .training, "the run could not be trained again: \(lines.last ?? "exit code \(ending.code)")",
        remedy: "see it with: cd models/\(program.folder) && \(old.record.command)")
    }
    guard
      let new = try database.runs(RunFilter(model: old.record.model, tag: Reproduction.tag), limit: 1).first
    else {
      throw LabError(.tracking, "the new run is not in the record", remedy: "see that outputs can be written")
    }
    return new.id
  }

  private func report(_ comparison: Reproduction.Comparison) throws {
    print(aligned([["", "RUN", "CHECKPOINT"]] + comparison.rows))
    if comparison.isSame { return print("\nthe same bytes") }
    print(
      "\nOTHER FACTS\n" + aligned(comparison.facts.isEmpty ? [["none that is recorded"]] : comparison.facts))
    if !comparison.tensors.isEmpty { print("\nOTHER NUMBERS\n" + aligned(comparison.tensors)) }
    throw LabError(
      .training, "the checkpoints differ", remedy: "the facts above say what was another than then")
  }
}
