import Foundation
import Utils

/// The page for a reader, report.html: a run's result, settings and pictures, complete in one file.
///
/// No script, nothing loaded from elsewhere; it prints on white paper.
public struct RunReport: Sendable {
  /// The run.
  public var run: RunDescription
  /// How it ended.
  public var outcome: RunOutcome
  /// The metrics of the last epoch, in the order they were logged.
  public var lastEpoch: [(name: String, value: Double)]
  /// SVG and PNG files, in the order to show them; their names become the captions.
  public var pictures: [URL]
  /// Tables of several columns, shown after the result.
  public var tables: [Table] = []
  /// What the result is over: examples, or the runs of a study.
  public var counted = "examples"
  /// The command that evaluates the run's checkpoint; nil when none was saved.
  public var evaluateCommand: String?

  /// A report of the parts given.
  public init(
    run: RunDescription, outcome: RunOutcome, lastEpoch: [(name: String, value: Double)] = [],
    pictures: [URL] = [],
    evaluateCommand: String? = nil
  ) {
    (self.run, self.outcome, self.lastEpoch) = (run, outcome, lastEpoch)
    (self.pictures, self.evaluateCommand) = (pictures, evaluateCommand)
  }

  /// Writes the page; a `LabError` names the file that could not be written.
  public func write(to url: URL) throws {
    try AtomicFile.write(html(), to: url, kind: .tracking)
  }

  /// The page as HTML; a picture that cannot be read is named in its place.
  public func html() -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped("\(run.experiment), \(run.model), run \(run.id)"))</title>
    <style>\(reportStyle)</style>
    </head>
    <body>
    <h1>\(escaped(run.experiment))</h1>
    <p class="lead">\(escaped(lead))</p>
    \(resultSection)
    \(tables.map { section($0.title, $0.html) }.joined())
    \(section("Last epoch", table(lastEpoch.map { ($0.name, figure($0.value)) })))
    \(section("Pictures", pictures.enumerated().map { pictureElement($0.element, number: $0.offset + 1) }.joined()))
    \(dataTables.map { section($0.title, $0.html) }.joined())
    \(section("Settings", table(settings)))
    \(section("Run", table(facts)))
    \(section("Repeat", commands))
    </body>
    </html>

    """
  }

  /// Rows of cells under a head.
  public struct Table: Equatable, Sendable {
    /// What it shows.
    public var title: String
    /// The columns' names.
    public var head: [String]
    /// The rows, as many cells each as the head.
    public var rows: [[String]]

    /// A table with its title.
    public init(title: String, head: [String], rows: [[String]]) {
      (self.title, self.head, self.rows) = (title, head, rows)
    }

    var html: String {
      let lines = rows.map { row in
        "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>"
          + row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
      }
      let top = head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
      return "<table class=\"wide\">\n<tr>\(top)</tr>\n\(lines.joined(separator: "\n"))\n</table>"
    }
  }

  /// What determined the run, but for what was found in its data, which has tables of its own.
  private var settings: [(String, String)] {
    run.parameters.filter { !$0.key.hasPrefix("data.report") }.map { ($0.key, $0.value) }
  }

  private var lead: String {
    let ending = outcome.reason.map { "\(outcome.status.rawValue): \($0)" } ?? outcome.status.rawValue
    return "\(run.model) (\(run.architecture)) on \(run.dataset), run \(run.id), \(ending)"
  }

  private var resultSection: String {
    guard let result = outcome.result else { return "" }
    var rows = result.metrics.sorted { $0.key < $1.key }.map { ($0.key, figure($0.value)) }
    let verdict = result.isWithinBand.map { $0 ? " (reached)" : " (missed)" } ?? ""
    if result.band != .null { rows.append(("expected", text(result.band) + verdict)) }
    if result.published != .null { rows.append(("published", text(result.published))) }
    return section("Result on \(result.split), \(result.count) \(counted)", table(rows))
  }

  private var facts: [(String, String)] {
    let machine = run.machine
    let gibibytes = String(format: "%.1f GiB", Double(machine.memory) / 1_073_741_824)
    var rows = [
      ("started", Timestamp.readable(run.started)), ("seconds", figure(outcome.seconds)),
      ("peak memory", String(format: "%.1f MiB", Double(outcome.peakMemory) / 1_048_576)),
      ("seed", String(run.seed)), ("tags", run.tags.joined(separator: ", ")),
      ("machine", "\(machine.host), \(machine.cpu), \(machine.cores) cores, \(gibibytes), \(machine.system)"),
      ("Swift", machine.swift),
    ]
    rows += run.libraries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let git = run.git {
      let state = git.isDirty ? ", with changes that are not committed" : ""
      rows.append(("commit", "\(git.commit ?? "none") on \(git.branch ?? "no branch")\(state)"))
    }
    if let parent = run.parent { rows.append(("continues checkpoint", parent)) }
    if let sum = outcome.checkpointSHA256 { rows.append(("checkpoint's SHA-256", sum)) }
    return rows.filter { !$0.1.isEmpty }
  }

  private var commands: String {
    ([run.commandLine] + (evaluateCommand.map { [$0] } ?? [])).map { "<pre>\(escaped($0))</pre>" }.joined()
  }
}

private func section(_ title: String, _ content: String) -> String {
  content.isEmpty ? "" : "<section>\n<h2>\(escaped(title))</h2>\n\(content)\n</section>"
}

private func table(_ rows: [(String, String)]) -> String {
  if rows.isEmpty { return "" }
  let lines = rows.map { "<tr><th scope=\"row\">\(escaped($0.0))</th><td>\(escaped($0.1))</td></tr>" }
  return "<table>\n\(lines.joined(separator: "\n"))\n</table>"
}

private func figure(_ value: Double) -> String { String(format: "%.5g", value) }

/// A band or published figure as a reader wants it: without JSON's quotation marks and braces.
private func text(_ value: JSONValue) -> String {
  switch value {
  case .string(let text): text
  case .number(let number): figure(number)
  case .object(let members):
    members.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
  case .array(let elements): elements.map(text).joined(separator: ", ")
  default: value.text()
  }
}

/// `text` as HTML shows it letter by letter, in an element or an attribute.
func escaped(_ text: String) -> String {
  var result = ""
  for letter in text.unicodeScalars {
    switch letter {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(letter)
    }
  }
  return result
}

let reportStyle = """

  body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem;
    margin: 2rem auto; padding: 0 1rem; }
  h1 { margin-bottom: 0; }
  h2 { font-size: 1.1rem; border-bottom: 1px solid #bbb; margin-top: 2rem; }
  .lead { margin-top: 0; color: #555; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th { text-align: left; font-weight: normal; color: #555; padding: 0.1rem 2rem 0.1rem 0; white-space: nowrap;
    vertical-align: top; }
  td { overflow-wrap: anywhere; }
  .wide td { padding-right: 2rem; }
  pre { background: #f3f3f3; padding: 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  figure { margin: 1rem 0; break-inside: avoid; }
  figure svg, figure img { max-width: 100%; height: auto; }
  figcaption { color: #555; font-size: 0.9rem; }
  tr { break-inside: avoid; }
  table.wide { width: 100%; font-size: 0.85rem; }
  table.wide th, table.wide td { padding: 0.2rem 0.6rem 0.2rem 0; vertical-align: top; text-align: left; }

  """
