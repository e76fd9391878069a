import Foundation
import Utils

/// Finds the cells of a CSV file in one pass over its bytes; a method for each rule of RFC 4180.
struct CSVScanner {
  /// A row and the line it begins on, counted from 1.
  typealias Row = (line: Int, cells: [String])

  let bytes: UnsafeBufferPointer<UInt8>
  let file: String
  let separator: UInt8
  private var position = 0
  private var line = 1

  init(bytes: UnsafeBufferPointer<UInt8>, file: String, separator: UInt8) {
    self.bytes = bytes
    self.file = file
    self.separator = separator
  }

  /// The comments above the header, and all rows, the header first; empty lines are passed over.
  mutating func scan() throws -> (comments: [String], rows: [Row]) {
    var comments: [String] = []
    var rows: [Row] = []
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // the byte order mark of some spreadsheets
    while position < bytes.count {
      if rows.isEmpty, next == UInt8(ascii: "#") {
        comments.append(
          try plainCell(endsAtSeparator: false).dropFirst().trimmingCharacters(in: .whitespaces))
        takeLineEnd()
      } else {
        let start = line
        let cells = try row()
        if cells != [""] { rows.append((start, cells)) }
      }
    }
    return (comments, rows)
  }

  private mutating func row() throws -> [String] {
    var cells: [String] = []
    while true {
      cells.append(next == UInt8(ascii: "\"") ? try quotedCell() : try plainCell(endsAtSeparator: true))
      if next == separator {
        position += 1
      } else if takeLineEnd() {
        return cells
      } else {
        throw error("goes on after a closing quotation mark", "put a separator there or double the mark")
      }
    }
  }

  private mutating func plainCell(endsAtSeparator: Bool) throws -> String {
    let start = position
    while let byte = next, byte != UInt8(ascii: "\n"), byte != separator || !endsAtSeparator { position += 1 }
    let isLast = next == nil || next == UInt8(ascii: "\n")
    let end =
      isLast && position > start && bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
    return try text(start..<end)
  }

  private mutating func quotedCell() throws -> String {
    let opening = line
    var content = ""
    position += 1
    while true {
      let start = position
      while let byte = next, byte != UInt8(ascii: "\"") {
        if byte == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
      content += try text(start..<position)
      guard next != nil else {
        line = opening
        throw error("opens a quotation mark that is never closed", "close it")
      }
      position += 1
      guard next == UInt8(ascii: "\"") else { return content }
      content += "\""
      position += 1
    }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Passes over a line end of either kind; true at the end of the file, too.
  @discardableResult
  private mutating func takeLineEnd() -> Bool {
    if next == UInt8(ascii: "\r"), position + 1 == bytes.count || bytes[position + 1] == UInt8(ascii: "\n") {
      position += 1
    }
    guard let byte = next else { return true }
    guard byte == UInt8(ascii: "\n") else { return false }
    position += 1
    line += 1
    return true
  }

  private func text(_ range: Range<Int>) throws -> String {
    if let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) {
      return text
    }
    throw error("is not UTF-8 text", "convert the file to UTF-8")
  }

  private func error(_ what: String, _ remedy: String) -> LabError {
    LabError(.data, "line \(line) of \(file) \(what)", remedy: remedy)
  }
}
