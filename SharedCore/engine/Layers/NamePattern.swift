/// Names of parameters and layers by what they look like: `*` stands for any letters, dots and digits, or none.
public enum NamePattern {
  /// Whether `name` fits one of some patterns; any name where there are none.
  public static func fits(_ name: String, _ patterns: [String]) -> Bool {
    patterns.isEmpty || patterns.contains { fits(name, $0) }
  }

  /// Whether `name` fits a pattern as a whole.
  public static func fits(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return name == pattern }
    guard name.hasPrefix(first), name.count >= first.count + last.count, name.hasSuffix(last) else {
      return false
    }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
