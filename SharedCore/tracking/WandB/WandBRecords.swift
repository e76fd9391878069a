import Foundation
import Utils

/// The records of a W&B transaction log, in the bytes they have in the file (wandb/proto/wandb_internal.proto).
struct WandBRecords {
  /// A record's field in the message `Record`.
  enum Kind: Int {
    case history = 2, summary = 3, config = 5, files = 6, stats = 7, artifact = 8, output = 13
    case run = 17, exit = 18, header = 21, environment = 26
  }

  private var log = WandBLog()
  private var count = 0

  /// The file's header and its first record.
  mutating func beginning() -> [UInt8] {
    let header = log.header()
    return header
      + record(.header) {
        $0.add(1) {
          $0.add(1, "ai-from-scratch-to-scale")
          $0.add(2, "0.1.0")
        }
      }
  }

  /// The next record.
  ///
  /// The first and the last one have to name a mailbox: without it one version of the client waits for ever.
  mutating func record(_ kind: Kind, _ build: (inout ProtobufMessage) -> Void) -> [UInt8] {
    count += 1
    let message = ProtobufMessage {
      $0.add(1, count)
      $0.add(kind.rawValue, build)
      if kind == .run || kind == .exit { $0.add(16) { $0.add(4, "run") } }
    }
    return log.frame(message.bytes)
  }
}

/// Values by name, as W&B wants them: JSON with words for NaN and infinity.
struct WandBItems {
  private(set) var items: [(key: String, json: String)] = []
  private var places: [String: Int] = [:]

  /// The value called `key` as JSON; a later value takes the place of an earlier one.
  subscript(key: String) -> String? {
    get { places[key].map { items[$0].json } }
    set {
      guard let newValue else { return }
      if let place = places[key] {
        items[place].json = newValue
      } else {
        places[key] = items.count
        items.append((key, newValue))
      }
    }
  }

  /// A number as W&B reads it.
  static func json(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.description
  }

  /// All of `other`, which wins.
  mutating func merge(_ other: WandBItems) {
    for (key, json) in other.items { self[key] = json }
  }

  /// The values as one JSON object; NaN and infinity are words here too, as in the client's own files.
  var object: String {
    "{" + items.map { "\(JSONValue.string($0.key).text()): \($0.json)" }.joined(separator: ", ") + "}\n"
  }

  /// Adds every value to a message as items of `field`: `key` is 1, `value_json` 16.
  ///
  /// The typed values of newer clients crash older ones.
  func add(to message: inout ProtobufMessage, field: Int = 1) {
    for (key, json) in items {
      message.add(field) {
        $0.add(1, key)
        $0.add(16, json)
      }
    }
  }
}

extension ProtobufMessage {
  /// A point in time, as `google.protobuf.Timestamp`.
  mutating func add(_ field: Int, _ date: Date) {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    add(field) {
      $0.add(1, Int(seconds))
      $0.add(2, Int((date.timeIntervalSince1970 - seconds) * 1e9))
    }
  }
}
