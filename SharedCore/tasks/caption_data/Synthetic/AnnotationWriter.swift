import Foundation
import GRDB
import Images
import Utils

/// Writes made-up videos as annotation databases; those of real videos are only read.
enum AnnotationWriter {
  /// The quality of the frames' JPEG files.
  static let quality = 88

  /// Writes `video` to a new database at `url`: in one step, so that an interruption leaves nothing at that place.
  static func write(_ video: SyntheticVideo, to url: URL) throws {
    let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
    for ending in ["", "-journal"] { unlink(partial.path + ending) }
    do {
      try SQLiteFile.translated(partial) {
        let queue = try DatabaseQueue(path: partial.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = MEMORY") }
        try queue.write { database in
          try database.execute(sql: AnnotationSchema.sql)
          try insertCaptions(video, database)
          try insertFrames(video, database)
          try insertLayout(video, database)
        }
        try queue.close()
      }
      guard rename(partial.path, url.path) == 0 else {
        throw LabError(
          .data, "\(url.relativePath) cannot be written (\(InputFile.lastSystemError()))",
          remedy: "choose a folder you may write to")
      }
    } catch {
      unlink(partial.path)
      throw error
    }
  }

  private static func insertCaptions(_ video: SyntheticVideo, _ database: Database) throws {
    for segment in video.segments {
      try database.execute(
        sql: """
          INSERT INTO captions
            (id, start_frame_index, end_frame_index, boundary_state, boundary_pending, text, text_pending)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          segment.id, segment.start, segment.end, segment.state.rawValue, segment.state == .confirmed ? 0 : 1,
          segment.text, segment.text == nil ? 1 : 0,
        ])
    }
  }

  private static func insertFrames(_ video: SyntheticVideo, _ database: Database) throws {
    let crop = video.layout.crop
    let insertion = try database.makeStatement(
      sql: """
        INSERT INTO cropped_frames
          (frame_index, image_data, width, height, file_size, crop_left, crop_top, crop_right, crop_bottom)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for segment in video.segments {
      let text = video.text(of: segment)
      for index in segment.start...segment.end {
        let file = Data(video.picture(index, text: text).encodedJPEG(quality: quality))
        try insertion.execute(arguments: [
          index, file, crop.width, crop.height, file.count, crop.left, crop.top, crop.right, crop.bottom,
        ])
      }
    }
  }

  private static func insertLayout(_ video: SyntheticVideo, _ database: Database) throws {
    let (layout, crop, boxes) = (video.layout, video.layout.crop, video.boxes())
    let characters = video.segments.filter { $0.state == .confirmed }.reduce(into: [Int: [Character]]()) {
      $0[($1.start + $1.end) / 2] = video.text(of: $1)?.boxes.map(\.character)
    }
    for (frame, boxes) in Dictionary(grouping: boxes, by: \.frameIndex).sorted(by: { $0.key < $1.key }) {
      for (place, box) in boxes.enumerated() {
        let text = characters[frame].flatMap { place < $0.count ? String($0[place]) : nil } ?? "TV"
        try database.execute(
          sql: """
            INSERT INTO full_frame_ocr (frame_index, box_index, text, confidence, x, y, width, height)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [frame, place, text, box.confidence, box.x, box.y, box.width, box.height])
      }
    }
    let anchorPosition = [
      CaptionAnchor.left: crop.left, .center: (crop.left + crop.right) / 2, .right: crop.right,
    ][layout.anchor]
    let picture = OCRVisualization(boxes, layout: layout).picture(.boundaries).encodedPNG()
    try database.execute(
      sql: """
        INSERT INTO video_layout_config
          (id, frame_width, frame_height, crop_left, crop_top, crop_right, crop_bottom, vertical_position,
           vertical_std, box_height, anchor_type, anchor_position, analysis_model_version,
           ocr_visualization_image)
        VALUES (1, ?, ?, ?, ?, ?, ?, ?, 1.0, ?, ?, ?, ?, ?)
        """,
      arguments: [
        layout.frameWidth, layout.frameHeight, crop.left, crop.top, crop.right, crop.bottom,
        (crop.top + crop.bottom) / 2, Int(video.style.size * Double(crop.height)), layout.anchor.rawValue,
        anchorPosition, layout.analysisVersion, Data(picture),
      ])
    let name = "synthetic-\(video.seed)-\(video.number)"
    try database.execute(
      sql: """
        INSERT INTO video_metadata
          (id, video_id, video_hash, display_path, duration_seconds, width, height, fps, codec)
        VALUES (1, ?, ?, ?, ?, ?, ?, ?, 'mjpeg')
        """,
      arguments: [
        name, video.hash, name, Double(video.frameCount) / SyntheticVideo.framesPerSecond, layout.frameWidth,
        layout.frameHeight, SyntheticVideo.framesPerSecond,
      ])
  }
}

extension SyntheticVideo {
  /// What stands for the SHA-256 of a video that was never a file: that of what it is made from.
  public var hash: String {
    let confirmed = segments.count { $0.state == .confirmed }
    return SHA256.hex(
      of: Array("synthetic caption video, version 1, seed \(seed), \(number), \(confirmed)".utf8))
  }
}
