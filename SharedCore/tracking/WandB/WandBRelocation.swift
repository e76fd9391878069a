import Foundation
import Utils

/// Brings the offline runs of W&B in a run's folder up to date after the folder was moved: their logs name the staging copy
/// of the checkpoint by its whole path, for `wandb sync` would take another one from where it is started.
public enum WandBRelocation {
  /// Where the path stands in a record: the artifact, its manifest, an entry, its local path.
  private static let path = [WandBRecords.Kind.artifact.rawValue, 12, 4, 6]

  /// Rewrites the logs in which a path leads nowhere while its file lies in the staging folder beside the log; a log that
  /// cannot be read to its end is left alone.
  public static func apply(to run: RunFolder) throws {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: run.wandb.path)) ?? []
    where name.hasPrefix("offline-run-") {
      let folder = run.wandb.appendingPathComponent(name, isDirectory: true).absoluteURL
      let logs = ((try? files.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
        $0.hasSuffix(".wandb")
      }
      for log in logs { try relocate(folder.appendingPathComponent(log)) }
    }
  }

  private static func relocate(_ url: URL) throws {
    let staging = url.deletingLastPathComponent().appendingPathComponent("staging", isDirectory: true)
    // The checkpoint is among the last things in a log, so that most are told from their ends to be up to date.
    guard let data = try? Data(contentsOf: url, options: .alwaysMapped),
      data.range(of: Data("\(staging.path)/".utf8), options: .backwards) == nil,
      let records = WandBLog.records(in: Array(data))
    else {
      return
    }
    let moved = records.map { record in
      replaced(record[...], at: path[...]) { old in
        let file = staging.appendingPathComponent((old as NSString).lastPathComponent)
        return FileManager.default.fileExists(atPath: file.path) ? file.path : old
      } ?? record
    }
    guard moved != records else { return }
    var log = WandBLog()
    let bytes = log.header() + moved.flatMap { log.frame($0) }
    try AtomicFile.write(bytes, to: url, kind: .tracking)
  }

  /// The message with every text at `path`, field within field, replaced; nil where it is no message.
  private static func replaced(
    _ message: ArraySlice<UInt8>, at path: ArraySlice<Int>, _ text: (String) -> String
  ) -> [UInt8]? {
    var (result, rest): ([UInt8], _) = ([], message)
    while !rest.isEmpty {
      let start = rest
      guard let tag = varint(&rest) else { return nil }
      var length = 0
      switch tag & 7 {
      case 0: guard varint(&rest) != nil else { return nil }
      case 1: length = 8
      case 5: length = 4
      case 2:
        guard let count = varint(&rest), count <= rest.count else { return nil }
        length = Int(count)
      default: return nil
      }
      guard length <= rest.count else { return nil }
      let value = rest.prefix(length)
      rest = rest.dropFirst(length)
      if tag & 7 == 2, Int(tag >> 3) == path.first {
        let new =
          path.count == 1
          ? Array(text(String(decoding: value, as: UTF8.self)).utf8)
          : replaced(value, at: path.dropFirst(), text)
        guard let new else { return nil }
        result += ProtobufMessage { $0.add(Int(tag >> 3), bytes: new) }.bytes
      } else {
        result += message[start.startIndex..<rest.startIndex]
      }
    }
    return result
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
