extension String {
  /// The text as a message may show it: in quotation marks, control characters escaped, cut after 80
  /// characters.
  ///
  /// Names that come out of files go through here, so that a hostile one can neither flood a terminal nor
  /// steer it.
  public var quoted: String {
    let limit = 80
    let shown = String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    let isCut = shown.utf8.count < utf8.count
    return JSONValue.string(shown).text().replacing("\u{7F}", with: "\\u007f") + (isCut ? "..." : "")
  }

  /// The text as a table shows it: as it is, or as `quoted` where a control character stands in it.
  public var printable: String {
    unicodeScalars.contains { $0.value < 0x20 || 0x7F...0x9F ~= $0.value } ? quoted : self
  }
}
