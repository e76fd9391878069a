import Foundation
import Utils

/// The metrics of one step, in the order they were logged.
struct MetricRow: Sendable {
  var step: Int
  var epoch: Int
  var metrics: [(name: String, value: Double)]
}

/// metrics.jsonl: an object a step, `{"step":1,"epoch":0,"train_loss":0.69}`, names in the order they were logged.
///
/// JSON has no word for infinity and NaN: they become null. The table keeps the difference.
struct MetricLines {
  let url: URL
  private var keys: [String: String] = [:]

  init(url: URL) { self.url = url }

  mutating func write(_ rows: [MetricRow]) throws {
    var lines = ""
    for row in rows {
      lines += #"{"step":\#(row.step),"epoch":\#(row.epoch)"#
      for (name, value) in row.metrics {
        lines += key(name)
        lines += value.isFinite ? value.description : "null"
      }
      lines += "}\n"
    }
    if !rows.isEmpty { try append(Array(lines.utf8), to: url) }
  }

  private mutating func key(_ name: String) -> String {
    if let known = keys[name] { return known }
    let key = ",\(JSONValue.string(name).text()):"
    keys[name] = key
    return key
  }
}

/// metrics.csv: a column for each metric that was ever logged, empty where a step lacks it.
///
/// A metric that appears late adds its column on the right: the file is then written again with the new header and
/// longer rows. Infinity and NaN are `inf`, `-inf` and `nan`, as pandas and numpy read them.
struct MetricTable {
  let url: URL
  private var columns: [String] = []
  private var columnOf: [String: Int] = [:]
  private var columnsInFile = 0

  init(url: URL) { self.url = url }

  mutating func write(_ rows: [MetricRow]) throws {
    if rows.isEmpty { return }
    for row in rows {
      for (name, _) in row.metrics where columnOf[name] == nil {
        columnOf[name] = columns.count
        columns.append(name)
      }
    }
    let lines = Array(rows.map(line).joined().utf8)
    if columnsInFile == columns.count {
      try append(lines, to: url)
    } else {
      try AtomicFile.write(header(columns.count) + widenedFile() + lines, to: url, kind: .tracking)
      columnsInFile = columns.count
    }
  }

  private func header(_ count: Int) -> [UInt8] {
    Array((["step", "epoch"] + columns[..<count].map(csvField)).joined(separator: ",").utf8) + [
      UInt8(ascii: "\n")
    ]
  }

  private func line(_ row: MetricRow) -> String {
    var fields = [String](repeating: "", count: columns.count)
    for (name, value) in row.metrics { fields[columnOf[name]!] = csvNumber(value) }
    return "\(row.step),\(row.epoch)" + fields.map { "," + $0 }.joined() + "\n"
  }

  /// The rows that are in the file already, with an empty field for each column they lack.
  private func widenedFile() throws -> [UInt8] {
    guard columnsInFile > 0 else { return [] }
    guard let old = try? Data(contentsOf: url) else { throw cannotWrite(url, "it cannot be read back") }
    let padding = [UInt8](repeating: UInt8(ascii: ","), count: columns.count - columnsInFile)
    var widened: [UInt8] = []
    // The header is passed by its length, for a quoted name may hold a line break.
    for byte in old.dropFirst(header(columnsInFile).count) {
      if byte == UInt8(ascii: "\n") { widened += padding }
      widened.append(byte)
    }
    return widened
  }
}

private func csvNumber(_ value: Double) -> String {
  if value.isNaN { return "nan" }
  return value.isInfinite ? (value < 0 ? "-inf" : "inf") : value.description
}
