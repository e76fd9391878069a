import Foundation
import Utils

/// A table of text read from a CSV file (RFC 4180), its cells asked for by column as text or numbers.
///
/// Lines that begin with `#` before the header are comments. Quoted cells may hold separators, doubled quotation marks
/// and line ends. Every error names the file, the line and the column.
public struct CSVTable: Sendable {
  /// The names in the header, left to right.
  public let columns: [String]
  /// The comments above the header, without their `#`.
  public let comments: [String]
  /// What the table was read from.
  public let file: String
  /// The lines that were left out because they have another number of cells than the header.
  public let raggedLines: [Int]
  private let cells: [String]
  private let lines: [Int]

  /// How many rows there are below the header.
  public var rowCount: Int { lines.count }

  /// Reads the file at `url`, its cells separated by `separator`; see `init(_:file:separator:leavingOutRagged:)`.
  public init(contentsOf url: URL, separator: Character = ",", leavingOutRagged: Bool = false) throws {
    try self.init(
      InputFile.read(url), file: url.relativePath, separator: separator, leavingOutRagged: leavingOutRagged)
  }

  /// Reads `bytes`, the content of `file`; a row with another number of cells than the header is an error, or is left out
  /// and noted in `raggedLines`.
  public init(
    _ bytes: [UInt8], file: String, separator: Character = ",", leavingOutRagged: Bool = false
  ) throws {
    self.file = file
    guard let separator = separator.asciiValue else {
      trap("a separator is an ASCII character")
    }
    var (comments, rows) = try bytes.withUnsafeBufferPointer { bytes in
      var scanner = CSVScanner(bytes: bytes, file: file, separator: separator)
      return try scanner.scan()
    }
    guard !rows.isEmpty else {
      throw LabError(.data, "\(file) is empty", remedy: "give a file with a header and rows")
    }
    self.comments = comments
    columns = rows.removeFirst().cells
    guard Set(columns).count == columns.count else {
      throw LabError(.data, "\(file) has two columns of one name", remedy: "rename one of them")
    }
    let width = columns.count
    let ragged = rows.filter { $0.cells.count != width }
    if let row = ragged.first, !leavingOutRagged {
      throw LabError(
        .data,
        "the header of \(file) has \(columns.count) cells, line \(row.line) \(row.cells.count)",
        remedy: "correct the line")
    }
    raggedLines = ragged.map(\.line)
    rows.removeAll { $0.cells.count != width }
    lines = rows.map(\.line)
    cells = rows.flatMap(\.cells)
  }

  /// The comment that begins with `key` and a colon, without them.
  func comment(_ key: String) -> String? {
    comments.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
  }

  /// The cells of `column`, top to bottom; throws when there is no such column.
  public func texts(_ column: String) throws -> [String] {
    let index = try self.index(of: column)
    return (0..<rowCount).map { cells[$0 * columns.count + index] }
  }

  /// The cells of `column` as numbers; throws on a cell that is none, naming its line, or is not finite.
  public func numbers(_ column: String) throws -> [Float] {
    try zip(texts(column), lines).map { try number($0, line: $1, column: column) }
  }

  /// The cells of `column` as numbers, nil where a cell is empty or one of `missing`.
  public func numbers(_ column: String, missing: Set<String>) throws -> [Float?] {
    try zip(texts(column), lines).map { text, line in
      text.isEmpty || missing.contains(text) ? nil : try number(text, line: line, column: column)
    }
  }

  private func number(_ text: String, line: Int, column: String) throws -> Float {
    if let number = Float(text), number.isFinite { return number }
    throw LabError(
      .data, "line \(line) of \(file) has \(text.quoted) in column \(column.quoted) where a number belongs",
      remedy: "correct the cell or leave the column out")
  }

  private func index(of column: String) throws -> Int {
    if let index = columns.firstIndex(of: column) { return index }
    let guess = nearestName(to: column, in: columns).map { "did you mean \($0.quoted)? It" } ?? "the file"
    let known = columns.prefix(40).map(\.quoted).joined(separator: ", ")
    throw LabError(.data, "\(file) has no column \(column.quoted)", remedy: "\(guess) has \(known)")
  }
}
