import Foundation
import GRDB
import Utils

/// The annotations of one video, a SQLite database called `annotations.db`; it is read as it is and never written.
///
/// Needed are the tables `captions` and `cropped_frames`. Of `video_layout_config`, `full_frame_ocr` and `video_metadata`
/// whatever is there is used, and columns that older files lack have defaults.
public final class AnnotationDatabase: Sendable {
  /// What the file is usually called.
  public static let fileName = "annotations.db"

  /// Where it lies.
  public let url: URL
  private let queue: DatabaseQueue
  /// The columns of each table.
  let columns: [String: Set<String>]

  /// Opens the database at `url`; throws a `LabError` where it is none, is damaged, or lacks a table that is needed.
  public init(_ url: URL) throws {
    self.url = url
    let queue = try SQLiteFile.open(url, label: "annotations")
    self.queue = queue
    columns = try SQLiteFile.translated(url) { try queue.read(Self.columns) }
    for (table, needed) in [
      ("captions", ["id", "start_frame_index", "end_frame_index", "text"]),
      ("cropped_frames", ["frame_index", "image_data"]),
    ] {
      guard let found = columns[table] else {
        throw LabError(
          .data, "\(url.relativePath) has no table \(table)",
          remedy: "choose the annotation database of a video, with captions and cropped frames")
      }
      let missing = needed.filter { !found.contains($0) }
      guard missing.isEmpty else {
        throw LabError(
          .data, "the table \(table) of \(url.relativePath) has no column \(missing.joined(separator: ", "))",
          remedy: "choose the annotation database of a video")
      }
    }
  }

  private static func columns(_ database: Database) throws -> [String: Set<String>] {
    let tables = [
      "captions", "cropped_frames", "video_layout_config", "full_frame_ocr", "video_metadata",
    ]
    var columns: [String: Set<String>] = [:]
    for table in tables where try database.tableExists(table) {
      columns[table] = Set(try database.columns(in: table).map { $0.name.lowercased() })
    }
    return columns
  }

  /// Whether `table` has `column`.
  func has(_ table: String, _ column: String) -> Bool { columns[table]?.contains(column) ?? false }

  /// What `body` reads; errors become sentences about this file.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try SQLiteFile.translated(url) { try queue.read(body) }
  }

  /// A sentence about this file.
  func fault(_ what: String, remedy: String) -> LabError {
    LabError(.data, "\(url.relativePath) \(what)", remedy: remedy)
  }
}
