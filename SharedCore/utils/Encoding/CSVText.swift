/// A cell of a table of comma-separated values: in quotation marks where a comma, a quotation mark or a line break is in it.
///
/// Source: RFC 4180, section 2.
public func csvField(_ text: String) -> String {
  guard text.contains(where: { ",\"".contains($0) || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}

/// Lines of cells as a table of comma-separated values.
public func csvText(_ lines: [[String]]) -> String {
  lines.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
}
