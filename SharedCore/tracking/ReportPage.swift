import Foundation
import Utils

/// A page for a reader, complete in one file: no script, nothing loaded from elsewhere; it prints on white paper.
public struct ReportPage: Sendable {
  /// What the browser's tab and the heading say, and the line below it.
  public var title, lead: String
  private var sections: [(title: String, content: String)] = []

  /// A page without sections.
  public init(title: String, lead: String) {
    self.title = title
    self.lead = lead
  }

  /// Adds a table: a heading a column, then rows; `-` stands where a cell is missing.
  public mutating func addTable(_ heading: String, columns: [String], rows: [[String]]) {
    guard !rows.isEmpty else { return }
    let head = columns.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let lines = rows.map { row in
      "<tr>" + columns.indices.map { "<td>\(escaped($0 < row.count ? row[$0] : "-"))</td>" }.joined()
        + "</tr>"
    }
    let body = "<table class=\"wide\">\n<tr>\(head)</tr>\n\(lines.joined(separator: "\n"))\n</table>"
    sections.append((heading, body))
  }

  /// Adds pictures, SVG or PNG files; their names become the captions.
  public mutating func addPictures(_ heading: String, _ pictures: [URL]) {
    guard !pictures.isEmpty else { return }
    let elements = pictures.enumerated().map { pictureElement($0.element, number: $0.offset + 1) }
    sections.append((heading, elements.joined()))
  }

  /// Adds lines of text.
  public mutating func addText(_ heading: String, _ lines: [String]) {
    guard !lines.isEmpty else { return }
    sections.append((heading, lines.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")))
  }

  /// Adds commands as a shell takes them.
  public mutating func addCommands(_ heading: String, _ commands: [String]) {
    sections.append((heading, commands.map { "<pre>\(escaped($0))</pre>" }.joined()))
  }

  /// The page as HTML; a picture that cannot be read is named in its place.
  public var html: String {
    let body = sections.map { "<section>\n<h2>\(escaped($0.title))</h2>\n\($0.content)\n</section>" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title))</title>
      <style>\(reportStyle)</style>
      </head>
      <body>
      <h1>\(escaped(title))</h1>
      <p class="lead">\(escaped(lead))</p>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  /// Writes the page; a `LabError` names the file that could not be written.
  public func write(to url: URL) throws { try AtomicFile.write(html, to: url, kind: .tracking) }
}
