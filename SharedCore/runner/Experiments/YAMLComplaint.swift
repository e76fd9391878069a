import Foundation
import Utils
import Yams

extension YamlError {
  /// What is wrong with the file called `name`, with what to do about it.
  func complaint(_ kind: LabError.Kind, file name: String) -> LabError {
    if case .duplicatedKeysInMapping(let keys, let context) = self {
      return LabError(
        kind, "\(name), line \(context.mark.line), gives \(keys.sorted().joined(separator: ", ")) twice",
        remedy: "name each key once")
    }
    let place = "\(self)".split(separator: "\n").first.map(String.init) ?? ""
    return LabError(
      kind, "\(name) is no YAML (\(place.trimmingCharacters(in: .whitespaces)))",
      remedy: "put what holds a colon or begins with a sign into quotation marks")
  }
}
