import Foundation
import GRDB
import Images
import TestSupport
import Testing
import Utils

@testable import CaptionData

/// An annotation database that a test fills as it likes.
struct Annotated {
  let url: URL

  /// A database in `folder` with the tables of the annotation program and a layout; `rows` are (start, end, state, text).
  init(
    _ folder: URL, _ name: String = "video", captions rows: [(Int, Int, String, String?)] = [],
    frames: Int = 0, schema: String = AnnotationSchema.sql
  ) throws {
    url = folder.appending(path: "\(name)/annotations.db")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try execute(schema)
    for (start, end, state, text) in rows {
      try execute(
        """
        INSERT INTO captions (start_frame_index, end_frame_index, boundary_state, text) VALUES (?, ?, ?, ?)
        """, [start, end, state, text])
    }
    for index in 0..<frames {
      let file = Data(picture(96, 12, shade: index * 7 % 200).encodedJPEG())
      try execute(
        "INSERT INTO cropped_frames VALUES (?, ?, 96, 12, ?, 16, 100, 112, 112, 1, datetime('now'))",
        [index, file, file.count])
    }
  }

  func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try DatabaseQueue(path: url.path)
    try queue.write { database in
      if arguments.isEmpty {
        try database.execute(sql: sql)
      } else {
        try database.execute(sql: sql, arguments: arguments)
      }
    }
    try queue.close()
  }

  /// A layout of 128 x 128 with one box in the middle of its crop.
  func addLayout(anchor: String = "left") throws {
    try execute(
      """
      INSERT INTO video_layout_config (id, frame_width, frame_height, crop_left, crop_top, crop_right, crop_bottom,
        anchor_type, crop_bounds_version) VALUES (1, 128, 128, 16, 100, 112, 112, ?, 3)
      """, [anchor])
    try execute(
      """
      INSERT INTO full_frame_ocr (frame_index, box_index, text, confidence, x, y, width, height)
      VALUES (0, 0, 'a', 0.9, 0.25, 0.16, 0.1, 0.05)
      """)
  }

  /// Five confirmed stretches that give pairs of every label, with frames and a layout.
  static func complete(_ folder: URL, _ name: String = "video") throws -> Annotated {
    let video = try Annotated(
      folder, name,
      captions: [
        (0, 7, "confirmed", "one"), (8, 15, "confirmed", "two"), (16, 23, "confirmed", ""),
        (24, 31, "confirmed", " "), (32, 39, "confirmed", "three"),
      ], frames: 40)
    try video.addLayout()
    return video
  }
}

/// A picture that is brighter to the right.
func picture(_ width: Int, _ height: Int, shade: Int = 0) -> DecodedImage {
  DecodedImage(
    width: width, height: height, channels: 3,
    pixels: (0..<width * height * 3).map { UInt8(($0 / 3 % width * 2 + shade) % 256) })
}

/// All files below `folder` with their content.
func contents(_ folder: URL) throws -> [String: Data] {
  var contents: [String: Data] = [:]
  for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
    contents[path] = FileManager.default.contents(atPath: folder.appending(path: path).path)
  }
  return contents
}

/// Every row of every table of the database at `url`, without times and paths.
func rows(_ url: URL) throws -> [String] {
  let queue = try DatabaseQueue(path: url.path)
  defer { try? queue.close() }
  return try queue.read { database in
    let tables = try String.fetchAll(
      database,
      sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    return try tables.flatMap { table in
      try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { row in
        "\(table): "
          + row.filter { !$0.0.hasSuffix("_at") }.map { name, value in
            let blob = Data.fromDatabaseValue(value)
            return "\(name) \(blob.map { SHA256.hex(of: [UInt8]($0)) } ?? "\(value)")"
          }.joined(separator: ", ")
      }
    }
  }
}
