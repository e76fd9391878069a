import Utils

extension Setting {
  /// What values are allowed.
  public indirect enum Domain: Sendable {
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    case flag
    /// Whole numbers with hyphens between them: the widths of layers.
    case widths(ClosedRange<Int>)
    /// Any text that is not empty: a path, a name.
    case text
    /// So many values of another domain, in brackets: `[0.9, 0.999]`.
    case list(Domain, ClosedRange<Int>)
    /// A number, true or false, or members with values of their own: `{degrees: 15, probability: 0.5}`, each of which may be
    /// given alone, `rotation.degrees=15`. Who uses the setting says which members there are.
    case mapping
    /// The first of some domains that knows the value: a number, a list of numbers, or a word.
    case either([Domain])
  }
}

extension Setting.Domain {
  /// What is allowed, in words: "a whole number from 1 to 1000000".
  var allowed: String {
    switch self {
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .flag: "true or false"
    case .widths(let range):
      "whole numbers from \(range.lowerBound) to \(range.upperBound) with hyphens between them, such as 300-100"
    case .text: "a text"
    case .list(let domain, let count):
      "\(count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)") values in brackets, each \(domain.allowed)"
    case .mapping: "a number, true, false, or members such as {\"probability\": 0.5}"
    case .either(let domains): domains.map(\.allowed).joined(separator: ", or ")
    }
  }

  /// The value that `text` means here; nil when it may not be.
  func parsed(_ text: String) -> JSONValue? {
    switch self {
    case .whole(let range): Int(text).flatMap { range.contains($0) ? .integer(Int64($0)) : nil }
    case .number(let range): Double(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .choice(let words): words.contains(text) ? .string(text) : nil
    case .widths(let range): Self.widths(text, range)
    case .flag: ["true": true, "false": false][text].map(JSONValue.bool)
    case .text: text.isEmpty || text.utf8.contains(0) ? nil : .string(text)
    case .list(let domain, let count): Self.list(text, domain, count)
    case .mapping: Self.mapping(text)
    case .either(let domains): domains.lazy.compactMap { $0.parsed(text) }.first
    }
  }

  private static func widths(_ text: String, _ range: ClosedRange<Int>) -> JSONValue? {
    let widths = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    let isGood = widths.count <= 100 && widths.allSatisfy { $0.map(range.contains) ?? false }
    return isGood ? .string(widths.compactMap { $0.map(String.init) }.joined(separator: "-")) : nil
  }

  /// The elements as JSON writes them, or as a person does, without quotation marks: `[no_defect, defect_1]`.
  private static func list(_ text: String, _ domain: Self, _ count: ClosedRange<Int>) -> JSONValue? {
    if case .whole = domain, !text.hasPrefix("[") {  // as sweep files write lists
      return list("[\(text.replacing("-", with: ","))]", domain, count)
    }
    guard text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count <= 100_000 else { return nil }
    let inner = text.dropFirst().dropLast()
    let words: [String] =
      if let elements = (try? JSONValue(parsing: Array(text.utf8)))?.array {
        elements.map { $0.string ?? $0.text() }
      } else if inner.allSatisfy(\.isWhitespace) {
        []
      } else {
        inner.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimming() }
      }
    let values = words.map(domain.parsed)
    guard count.contains(values.count), !values.contains(nil) else { return nil }
    return .array(values.compactMap(\.self))
  }

  private static func mapping(_ text: String) -> JSONValue? {
    guard text.utf8.count <= 100_000, let value = try? JSONValue(parsing: Array(text.utf8)) else {
      return nil
    }
    guard value.double != nil || value.bool != nil || value.object != nil else { return nil }
    return value
  }

  /// A member of a mapping, as it would be typed: a number, true, false, none, a word, or a list of these.
  static func member(_ text: String) -> JSONValue {
    if text == "none" { return .null }
    guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return .string(text) }
    guard let elements = value.array else { return value }
    return .array(elements.map { $0.string.map(member) ?? $0 })
  }

  private func brief(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e6 ? "\(Int(number))" : "\(number)"
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    var text = self.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
