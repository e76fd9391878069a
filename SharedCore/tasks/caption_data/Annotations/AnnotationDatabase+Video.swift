import Foundation
import GRDB
import Utils

extension AnnotationDatabase {
  /// Where the captions lie; nil where no analysis left a layout.
  ///
  /// Throws a `LabError` for a crop that is empty or not inside the frame. A missing or unknown anchor is `center`.
  public func layout() throws -> VideoLayout? {
    guard has("video_layout_config", "frame_width") else { return nil }
    guard let row = try first("video_layout_config") else { return nil }
    func number(_ column: String) -> Int? { row.value(column) }
    let size = (width: number("frame_width") ?? 0, height: number("frame_height") ?? 0)
    let crop = CropBounds(
      left: number("crop_left") ?? 0, top: number("crop_top") ?? 0, right: number("crop_right") ?? size.width,
      bottom: number("crop_bottom") ?? size.height)
    let layout = VideoLayout(
      frameWidth: size.width, frameHeight: size.height, crop: crop,
      anchor: row.value("anchor_type").flatMap(CaptionAnchor.init(rawValue:)) ?? .center,
      cropBoundsVersion: number("crop_bounds_version") ?? 1,
      analysisVersion: row.value("analysis_model_version"))
    guard let layout else {
      throw fault(
        "has a crop from (\(crop.left), \(crop.top)) to (\(crop.right), \(crop.bottom)) in a frame of "
          + "\(size.width) x \(size.height)", remedy: "analyse the layout of this video again")
    }
    return layout
  }

  /// The picture of all boxes that the analysis left, a PNG or JPEG file; nil where there is none.
  public func storedVisualization() throws -> [UInt8]? {
    guard has("video_layout_config", "ocr_visualization_image") else { return nil }
    let sql = """
      SELECT ocr_visualization_image FROM video_layout_config
      WHERE length(ocr_visualization_image) BETWEEN 1 AND \(Self.largestBlob) LIMIT 1
      """
    return try read { try Data.fetchOne($0, sql: sql) }.map { [UInt8]($0) }
  }

  /// All boxes by frame and place, those whose numbers are none or not finite left out.
  public func boxes() throws -> [OCRBox] {
    guard let found = columns["full_frame_ocr"],
      found.isSuperset(of: ["frame_index", "x", "y", "width", "height"])
    else { return [] }
    let confidence = found.contains("confidence") ? "confidence" : "1.0"
    let place = found.contains("box_index") ? "box_index" : "rowid"
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT frame_index, \(confidence) AS confidence, x, y, width, height
          FROM full_frame_ocr ORDER BY frame_index, \(place)
          """)
    }
    return rows.compactMap { row in
      let numbers = ["confidence", "x", "y", "width", "height"].compactMap {
        row.value($0, as: Double.self)
      }
      guard let index: Int = row.value("frame_index"), numbers.count == 5,
        numbers.allSatisfy({ $0.isFinite && abs($0) <= 1000 })
      else { return nil }
      return OCRBox(
        frameIndex: index, confidence: min(max(numbers[0], 0), 1), x: numbers[1], y: numbers[2],
        width: numbers[3], height: numbers[4])
    }
  }

  /// What the video is; this file stands for it where it says nothing of it.
  public func video() throws -> VideoFacts {
    let row = try columns["video_metadata"] == nil ? nil : first("video_metadata")
    func number(_ column: String) -> Int? { row?.value(column) }
    func text(_ column: String) -> String? { row?.value(column) }
    let stored = text("video_hash")?.lowercased()
    let isHash = stored.map { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) } ?? false
    let paths = ["storage_path", "display_path", "original_filename"]
    let path = paths.compactMap(text).first { !$0.isEmpty }
    return VideoFacts(
      hash: try isHash ? stored! : hashOfFile(), path: path ?? url.path,
      fileSize: number("file_size_bytes") ?? InputFile.size(url) ?? 0,
      seconds: row?.value("duration_seconds"),
      width: number("width"), height: number("height"))
  }

  private func hashOfFile() throws -> String {
    do { return try SHA256.hex(ofFileAt: url) } catch {
      throw fault("cannot be read", remedy: "check that you may read it")
    }
  }

  /// The first row of `table`, of which there should be one.
  private func first(_ table: String) throws -> Row? {
    // Not the pictures: they are read when they are asked for.
    let wanted = (columns[table] ?? []).subtracting(["ocr_visualization_image"]).sorted()
    let names = wanted.map { "\"\($0)\"" }.joined(separator: ", ")
    return try read { try Row.fetchOne($0, sql: "SELECT \(names) FROM \(table) LIMIT 1") }
  }
}
