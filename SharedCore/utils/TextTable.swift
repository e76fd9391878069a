/// Rows of cells as columns, two spaces between them; the last cell of a row is not filled up.
public func aligned(_ rows: [[String]]) -> String {
  let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    return cells.joined(separator: "  ")
  }.joined(separator: "\n")
}

/// The same in lines of at most `width` characters, as far as words allow: columns between the first and the last are at most 28
/// wide, and what does not fit into a cell goes on below it.
public func aligned(_ rows: [[String]], width: Int) -> String {
  let count = rows.map(\.count).max() ?? 0
  var widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  for column in widths.indices.dropFirst().dropLast() { widths[column] = min(widths[column], 28) }
  if count > 1 { widths[count - 1] = max(24, width - widths.dropLast().reduce(0) { $0 + $1 + 2 }) }
  return aligned(
    rows.flatMap { row in
      let cells = row.enumerated().map { wrapped($1, width: widths[$0]) }
      return (0..<(cells.map(\.count).max() ?? 0)).map { line in
        cells.map { line < $0.count ? $0[line] : "" }
      }
    })
}

/// Words in as many columns as fit into `width` characters, to be read downwards, each line set in by two.
public func inColumns(_ words: [String], width: Int = 100) -> String {
  guard let longest = words.map(\.count).max() else { return "" }
  let widest = longest + 2
  let rows = (words.count - 1) / max(1, (width - 2) / widest) + 1
  return (0..<rows).map { row in
    let cells = stride(from: row, to: words.count, by: rows).map { words[$0] }
    return "  "
      + cells.dropLast().map { $0 + String(repeating: " ", count: widest - $0.count) }.joined()
      + (cells.last ?? "")
  }.joined(separator: "\n")
}

/// A metric as people compare it: four digits after the point, or three significant ones where those would be zeros.
public func figure(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  if value != 0, abs(value) < 0.001 { return compact(value) }
  let scaled = (abs(value) * 10_000).rounded()
  let digits = String(Int(scaled) % 10_000)
  return (value < 0 ? "-" : "") + "\(Int(scaled) / 10_000)." + String(repeating: "0", count: 4 - digits.count)
    + digits
}

/// A whole number with a comma after every three digits: `25,557,032`.
public func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  var rest = digits[...]
  var length = digits.count % 3 == 0 ? 3 : digits.count % 3
  while !rest.isEmpty {
    text += (text.isEmpty ? "" : ",") + rest.prefix(length)
    rest = rest.dropFirst(length)
    length = 3
  }
  return (number < 0 ? "-" : "") + text
}
