import Engine
import Foundation
import Utils

/// Weights in several safetensors files, and the list that says which tensor lies in which.
enum ShardedSafetensors {
  /// The usual name of such a list.
  static let indexName = "model.safetensors.index.json"
  /// The longest list that is read, in bytes.
  private static let longest = 2 << 20

  /// The tensors that the list at `url` names, and its metadata.
  static func read(_ url: URL, _ data: Data) throws -> (tensors: [WeightsTensor], metadata: [String: String])
  {
    guard data.count <= longest else { throw WeightsDefect("is a list of \(data.count) bytes") }
    let index: JSONValue
    do { index = try JSONValue(parsing: data) } catch { throw WeightsDefect("is no JSON: \(error)") }
    guard let map = index["weight_map"]?.object else {
      throw WeightsDefect("has no weight_map, as a list of shards has")
    }
    var files: [String: SafetensorsFile] = [:]
    let tensors = try map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, value in
      guard let shard = value.string, isPlain(shard) else {
        throw WeightsDefect(
          "puts \(name.quoted) into \((value.string ?? value.text()).quoted), which is no file beside it",
          remedy: "do not trust it")
      }
      let file = try files[shard] ?? open(shard, beside: url, of: map)
      files[shard] = file
      guard let entry = file[name] else {
        throw WeightsDefect("puts \(name.quoted) into \(shard), which lacks it")
      }
      return WeightsTensor(entry, in: file)
    }
    let facts = index["metadata"]?.object ?? [:]
    return (tensors, facts.mapValues { $0.string ?? $0.text() })
  }

  private static func open(_ shard: String, beside url: URL, of map: [String: JSONValue]) throws
    -> SafetensorsFile
  {
    let file = url.deletingLastPathComponent().appending(path: shard)
    guard FileManager.default.fileExists(atPath: file.path) else {
      let shards = Set(map.values.compactMap(\.string)).count
      throw WeightsDefect(
        "names \(shard), which is not beside it",
        remedy: "copy or download all \(shards) files of its weight_map into one folder")
    }
    return try SafetensorsFile(contentsOf: file)
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.contains { "/\\\0".contains($0) }
  }
}

extension WeightsTensor {
  /// The tensor that `entry` describes.
  init(_ entry: SafetensorsEntry, in file: SafetensorsFile) {
    self.init(entry.name, entry.dtype, entry.shape) { body in try file.withBytes(of: entry.name, body) }
  }
}
