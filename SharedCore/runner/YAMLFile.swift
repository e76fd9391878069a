import Foundation
import Utils
import Yams

/// A small file of YAML, written by a person: read whole, and what is wrong with it said in one sentence.
struct YAMLFile {
  /// The largest file that is read, in bytes.
  let limit: Int
  /// What it should be: "card", "sweep", "configuration".
  let noun: String
  let kind: LabError.Kind

  private var limitText: String {
    limit < 1_000_000 ? "\(limit / 1000) kB" : "\(limit / 1_000_000) MB"
  }

  /// The bytes at `url`, at most one more than the limit; nil when it cannot be read.
  func bytes(_ url: URL) -> [UInt8]? {
    do {
      return try [UInt8](FileHandle(forReadingFrom: url).read(upToCount: limit + 1) ?? Data())
    } catch { return nil }
  }

  /// The document in `bytes`, the content of the file called `name`; nil when it holds none.
  ///
  /// Throws a `LabError` for bytes that are too many, no UTF-8, or no YAML.
  func document(_ bytes: [UInt8], name: String) throws -> Node? {
    guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
      throw LabError(
        kind, "\(name) is no \(noun): it is larger than \(limitText) or not UTF-8",
        remedy: "write it anew")
    }
    do {
      return try Yams.compose(yaml: text)
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      throw LabError(
        kind, "\(name), line \(context.mark.line), gives \(keys.sorted().joined(separator: ", ")) twice",
        remedy: "name each key once")
    } catch let error as YamlError {
      throw error.complaint(kind, file: name)
    }
  }
}

extension Node.Scalar {
  /// The value as a setting is typed: YAML's truth values and nothings as ours, what stands in quotation marks as it is.
  var typed: String {
    guard style == .plain || style == .any else { return string }
    return switch string {
    case "True", "TRUE": "true"
    case "False", "FALSE": "false"
    case "", "~", "null", "Null", "NULL", "None": "none"
    default: string
    }
  }
}

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
      remedy: "indent with spaces, not tabs, and put what holds a colon or begins with a sign into quotation marks")
  }
}
