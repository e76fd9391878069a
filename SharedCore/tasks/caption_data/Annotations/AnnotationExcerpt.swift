import Foundation
import GRDB
import Utils

/// Some stretches of a video as annotations of their own, to be confirmed anew: with their frames, layout and boxes.
///
/// Two of them that did not meet in the video have a gap between them, with the status `left_out`: once both are confirmed,
/// no pair of frames is made of them.
public struct AnnotationExcerpt {
  /// The status of a gap that stands for frames which were left out.
  static let leftOut = "left_out"
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
    let gaps = try self.gaps()
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
          for gap in gaps {
            try database.execute(
              sql: """
                INSERT INTO captions (start_frame_index, end_frame_index, boundary_state, text_status)
                VALUES (?, ?, 'gap', ?)
                """, arguments: [gap.lowerBound, gap.upperBound, Self.leftOut])
          }
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

  /// The frames between stretches that did not meet in the video.
  private func gaps() throws -> [ClosedRange<Int>] {
    let all = try AnnotationDatabase(source).segments()
    let wanted = Set(notes.flatMap(\.ids))
    let kept = all.indices.filter { wanted.contains(all[$0].id) }
    return zip(kept, kept.dropFirst()).compactMap { one, next in
      let (first, second) = (all[one], all[next])
      let didMeet = next == one + 1 || notes.contains { $0.ids == [first.id, second.id] }
      // Stretches that touch do meet.
      return didMeet || second.start - first.end < 2 ? nil : first.end + 1...second.start - 1
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
