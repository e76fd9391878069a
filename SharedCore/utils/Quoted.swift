extension String {
  /// The text as a message may show it: in quotation marks, control characters escaped, cut after 80 characters.
  ///
  /// Names that come out of files go through here, so that a hostile one can neither flood a terminal nor steer it.
  public var quoted: String {
    let limit = 80
    let shown = String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    let isCut = shown.utf8.count < utf8.count
    return JSONValue.string(shown).text().replacing("\u{7F}", with: "\\u007f") + (isCut ? "..." : "")
  }
}
