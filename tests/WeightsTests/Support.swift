import Foundation
import Testing
import Utils

@testable import Weights

/// The sample files and what Python's readers found in them; see make.py there.
enum Samples {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/weights").standardizedFileURL

  static func url(_ name: String) -> URL { folder.appending(path: "samples/\(name)") }

  /// The contents of a fixture; empty when it is missing, which the tests notice.
  static func json(_ name: String) -> JSONValue {
    guard let data = try? Data(contentsOf: folder.appending(path: name)),
      let value = try? JSONValue(parsing: data)
    else { return [:] }
    return value
  }

  static let expected: [(name: String, tensors: JSONValue)] = (json("expected.json").object ?? [:])
    .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
}

/// What is wrong, in the words of the `WeightsDefect` that `body` must throw.
@discardableResult
func expectDefect<Value>(
  mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
) throws -> String {
  let defect = try #require(
    throws: WeightsDefect.self, sourceLocation: sourceLocation, performing: { _ = try body() })
  for word in words {
    #expect(
      defect.description.contains(word), "\(word) in: \(defect.description)", sourceLocation: sourceLocation)
  }
  return defect.description
}

/// The bytes of `value`, little-endian.
func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// A pickle of letters, numbers and texts.
func pickle(_ parts: Any...) -> [UInt8] {
  parts.flatMap { part -> [UInt8] in
    switch part {
    case let text as String: Array(text.utf8)
    case let byte as Int: [UInt8(byte)]
    case let bytes as [UInt8]: bytes
    default: []
    }
  }
}
