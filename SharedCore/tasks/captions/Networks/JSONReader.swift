import Utils

/// The values of a JSON object whose keys are known, each checked as it is read.
struct JSONReader {
  private let values: JSONValue
  private let source: String

  /// Throws where `values` is no object, or has a key that `known` has not.
  init(_ values: JSONValue, source: String, known: JSONValue) throws {
    let keys = (known.object ?? [:]).map(\.key).sorted()
    guard let given = values.object else {
      throw LabError(.config, "\(source) is no JSON object", remedy: "write it as {\"\(keys[0])\": ...}")
    }
    for key in given.map(\.key).sorted() where !keys.contains(key) {
      let near = nearestName(to: key, in: keys).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .config, "\(source) has no key \(key.quoted)",
        remedy: near + "the keys are \(keys.joined(separator: ", "))")
    }
    (self.values, self.source) = (values, source)
  }

  func whole(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    try read(key, "a whole number of \(range)") { $0.int.flatMap { range.contains($0) ? $0 : nil } }
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    try read(key, "a number of \(range)") { $0.double.flatMap { range.contains($0) ? $0 : nil } }
  }

  func flag(_ key: String) throws -> Bool? { try read(key, "true or false", \.bool) }

  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String) throws -> Word? {
    let words = Word.allCases.map(\.rawValue).joined(separator: " or ")
    return try read(key, words) { $0.string.flatMap(Word.init(rawValue:)) }
  }

  private func read<Value>(_ key: String, _ wanted: String, _ convert: (JSONValue) -> Value?) throws -> Value?
  {
    guard let given = values[key], given != .null else { return nil }
    if let value = convert(given) { return value }
    throw LabError(.config, "\(source): \(key) is \(given.text())", remedy: "give \(wanted)")
  }
}
