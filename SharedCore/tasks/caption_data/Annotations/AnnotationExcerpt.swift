import Foundation
import GRDB
import Utils

/// Some stretches of a video as annotations of their own, to be confirmed anew: with their frames, layout and boxes.
public struct AnnotationExcerpt {
  private let source: URL
  private let notes: [(ids: [Int], text: String)]

  /// The stretches with `ids` of the annotations at `source`, each with the first note that speaks of it.
  public init(of source: URL, notes: [(ids: [Int], text: String)]) {
    (self.source, self.notes) = (source, notes)
  }

  /// Writes them to a new database at `url`, whose folder is made; throws a `LabError` where a file is there already.
  public func write(to url: URL) throws {
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw LabError(
        .usage, "\(url.relativePath) is there already", remedy: "choose another folder, or remove it first")
    }
    _ = try AnnotationDatabase(source)
    let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    unlink(partial.path)
    defer { unlink(partial.path) }
    try SQLiteFile.translated(partial) {
      let queue = try DatabaseQueue(path: partial.path)
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: AnnotationSchema.sql)
        try database.execute(
          sql: "ATTACH DATABASE ? AS source", arguments: ["file:\(source.path)?mode=ro"])
        try database.inTransaction {
          for table in ["captions", "video_layout_config", "full_frame_ocr", "video_metadata"] {
            try copy(table, database)
          }
          try copy(
            "cropped_frames", database,
            where: """
              EXISTS (SELECT 1 FROM captions WHERE frame_index BETWEEN start_frame_index AND end_frame_index)
              """)
          return .commit
        }
      }
      try queue.close()
    }
    guard rename(partial.path, url.path) == 0 else {
      throw LabError(
        .data, "\(url.relativePath) cannot be written (\(InputFile.lastSystemError()))",
        remedy: "choose a folder you may write to")
    }
  }

  /// Copies the columns that both have.
  private func copy(_ table: String, _ database: Database, where condition: String = "1") throws {
    func columns(_ schema: String) throws -> [String] {
      try Row.fetchAll(database, sql: "PRAGMA \(schema).table_info(\(table))").compactMap { $0["name"] }
    }
    let names = Set(try columns("source")).intersection(try columns("main")).sorted()
    guard !names.isEmpty else { return }
    let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
    guard table == "captions" else {
      return try database.execute(
        sql: "INSERT INTO main.\(table) (\(list)) SELECT \(list) FROM source.\(table) WHERE \(condition)")
    }
    var known: Set<Int> = []
    for (ids, text) in notes {
      for id in ids where known.insert(id).inserted {
        try database.execute(
          sql: "INSERT INTO main.captions (\(list)) SELECT \(list) FROM source.captions WHERE id = ?",
          arguments: [id])
        try database.execute(
          sql: """
            UPDATE main.captions SET boundary_state = 'predicted', boundary_pending = 1, text_notes = ? WHERE id = ?
            """, arguments: [text, id])
      }
    }
  }
}
