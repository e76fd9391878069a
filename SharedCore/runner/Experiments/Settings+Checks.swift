import Utils

/// What is wrong with settings that are each allowed by themselves.
extension Settings {
  /// Throws a `LabError` where two names of one setting, such as `learning_rate` and `optimizer.lr`, were given different values.
  /// Of one name that is given twice the later value counts.
  ///
  /// - Parameter words: what was typed: a name, a value, and both as they stood there.
  func refuseContradictions(_ words: [(name: String, text: String, source: String)]) throws {
    var last: [String: (text: String, source: String)] = [:]
    for word in words { last[word.name.replacing("-", with: "_")] = (word.text, word.source) }
    var seen: [String: (value: JSONValue?, source: String)] = [:]
    for (name, word) in last.sorted(by: { $0.key < $1.key }) {
      let key = key(of: name)
      guard let value = all.first(where: { $0.key == key })?.parsed(word.text) else { continue }
      if let other = seen[key], other.value != value {
        throw LabError(
          .config, "\(other.source) and \(word.source) contradict each other",
          remedy: "both mean \(key): give one of them")
      }
      seen[key] = (value, word.source)
    }
  }

  /// What is to be said of settings that are allowed and hardly meant.
  var notices: [String] {
    guard has("warmup"), has("epochs") else { return [] }
    let (warmup, epochs) = (count("warmup"), count("epochs"))
    guard warmup > epochs else { return [] }
    return [
      "the warm-up of \(warmup) epochs is longer than the training of \(epochs): the rate does not reach its full; "
        + "give fewer epochs of warmup, or train for more"
    ]
  }
}
