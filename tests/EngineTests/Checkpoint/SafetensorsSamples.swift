import Foundation
import Utils

/// The sample files of the format and the values that Python's readers found in them.
enum SafetensorsSamples {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../Fixtures/safetensors").standardizedFileURL

  static func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  static func bytes(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  static let expected: JSONValue = {
    guard let data = try? bytes("expected.json"), let value = try? JSONValue(parsing: data) else {
      return [:]
    }
    return value
  }()

  /// The hostile and odd files, each with what the reference reader says to it.
  static let cases: [(name: String, expected: JSONValue)] = (expected["cases"]?.object ?? [:])
    .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }

  /// A file made of a header's text, padded as it is, and `dataCount` bytes of zeros.
  static func file(_ header: String, dataCount: Int = 0) -> Data {
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    data.append(contentsOf: header.utf8)
    data.append(Data(count: dataCount))
    return data
  }
}
