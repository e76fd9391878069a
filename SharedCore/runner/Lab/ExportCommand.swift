import ArgumentParser
import Foundation
import Runner
import Tracking
import Utils

/// `lab export RUN`: a run for other programs.
struct ExportCommand: ParsableCommand {
  /// What is written.
  enum Format: String, CaseIterable, ExpressibleByArgument { case csv, json }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a run for other programs: its metrics as CSV, or everything as JSON.",
    discussion: """
      CSV has a row for each step at which something was logged, and a column for each metric. JSON has the record, the \
      settings, the files, the results and every metric's history; numbers that are not finite are null.
      """)

  @Argument(
    help: ArgumentHelp("The run's id, its first three characters or more, or latest.", valueName: "run"))
  var reference: String
  @Option(help: "What to write.")
  var format: Format
  @Option(help: ArgumentHelp("Where to (default: the terminal).", valueName: "file"))
  var output: String?

  func run() throws {
    let (_, database) = try openDatabase()
    let export = try RunExport(database.details(reference), in: database)
    let text = format == .csv ? export.csv : export.json.text() + "\n"
    guard let output else { return print(text, terminator: "") }
    try AtomicFile.write(text, to: URL(filePath: output), kind: .tracking)
    print("written: \(output)")
  }
}
