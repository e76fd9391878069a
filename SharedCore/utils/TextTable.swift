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
