import Engine
import Foundation
import TestSupport
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

/// A checkpoint as training writes it: a layer of three inputs, its average, and the optimizer's momentum.
func trainedLinear(in folder: TemporaryFolder) throws -> URL {
  let url = folder.url.appending(path: "last.safetensors")
  var writer = SafetensorsWriter(metadata: ["format": "pt", "lab": "{}"])
  for prefix in ["", "ema.", "optimizer.velocity."] {
    writer.add("\(prefix)weight", floats: [1, 2, 3, 4, 5, 6], shape: [2, 3])
    writer.add("\(prefix)bias", floats: [7, 8], shape: [2])
  }
  writer.add("ema.n_averaged", int64s: [9], shape: [])
  try writer.write(to: url)
  return url
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
