import Foundation
import GRDB
import Images
import Utils

@testable import CaptionData

/// Databases of captions: small ones to damage, and how they are read.
enum CaptionFiles {
  /// An annotated video of five captions and 20 frames, in small pages so that a change hits a table more often than a picture.
  static func annotations() throws -> [FuzzedFormat.Seed] {
    try withFolder { folder in
      try ["left", "center"].map { anchor in
        let file = folder.appending(path: "\(anchor).db")
        try makeVideo(at: file, anchor: anchor)
        return FuzzedFormat.Seed(bytes: Array(try Data(contentsOf: file)))
      }
    }
  }

  /// Data sets of that video, its frames copied and by reference.
  static func datasets() throws -> [FuzzedFormat.Seed] {
    try withFolder { folder in
      let file = folder.appending(path: "annotations.db")
      try makeVideo(at: file, anchor: "right")
      return try FrameStorage.allCases.map { storage in
        var request = DatasetRequest(name: storage.rawValue, places: [file.path])
        request.frames = storage
        let made = try DatasetBuilder(request, in: folder).make().url
        return FuzzedFormat.Seed(bytes: Array(try Data(contentsOf: made)))
      }
    }
  }

  /// Reads annotations as `create-dataset`, `check` and `infer` do; gives what the largest picture takes.
  static func readAnnotations(_ url: URL) throws -> Int {
    let database = try AnnotationDatabase(url)
    let layout = try database.layout()
    var largest = layout.map { 16 * $0.crop.width * $0.crop.height } ?? 0
    for index in try database.frameIndices().prefix(30) {
      guard let picture = try? database.picture(index) else { continue }
      largest = max(largest, 4 * picture.pixels.count)
    }
    _ = try VideoSurvey(url)
    let video = try VideoInputs(url, fit: CaptionFit(width: 96, height: 16), variant: .boundaries)
    for pair in try video.neighbours(all: true) { _ = try? video.frame(pair.first) }
    return largest
  }

  /// Reads a data set as `train` and `check` do; gives what the largest picture takes.
  static func readDataset(_ url: URL) throws -> Int {
    let dataset = try CaptionDataset(url)
    var largest = 0
    for index in dataset.samples.indices.prefix(30) {
      let sample = dataset.samples[index]
      if let picture = try? dataset.frame(sample.videoHash, sample.first) {
        largest = max(largest, 4 * picture.pixels.count)
      }
      _ = try? dataset.pair(index, fit: CaptionFit(width: 96, height: 16))
    }
    _ = try? dataset.experiments()
    let check = try DatasetCheck(dataset)
    guard check.faults.isEmpty else {
      throw LabError(.data, check.faults[0], remedy: "make the data set again")
    }
    return largest
  }

  private static func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "captions-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private static func makeVideo(at url: URL, anchor: String) throws {
    let queue = try DatabaseQueue(path: url.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA page_size = 512") }
    try queue.write { database in
      try database.execute(sql: AnnotationSchema.sql)
      for (number, text) in ["one", "two", "", " ", "three"].enumerated() {
        try database.execute(
          sql: """
            INSERT INTO captions (start_frame_index, end_frame_index, boundary_state, text) VALUES (?, ?, ?, ?)
            """, arguments: [4 * number, 4 * number + 3, "confirmed", text])
      }
      for index in 0..<20 {
        let pixels = (0..<48 * 8 * 3).map { UInt8(($0 * (index + 3)) % 251) }
        let file = Data(
          DecodedImage(width: 48, height: 8, channels: 3, pixels: pixels).encodedJPEG(quality: 20))
        try database.execute(
          sql: "INSERT INTO cropped_frames VALUES (?, ?, 48, 8, ?, 16, 100, 112, 112, 1, '')",
          arguments: [index, file, file.count])
      }
      try database.execute(
        sql: """
          INSERT INTO video_layout_config (id, frame_width, frame_height, crop_left, crop_top, crop_right,
            crop_bottom, anchor_type) VALUES (1, 128, 128, 16, 100, 112, 112, ?)
          """, arguments: [anchor])
      for box in 0..<12 {
        try database.execute(
          sql: """
            INSERT INTO full_frame_ocr (frame_index, box_index, text, confidence, x, y, width, height)
            VALUES (2, ?, 'a', 0.9, ?, 0.16, 0.03, 0.05)
            """, arguments: [box, 0.15 + 0.05 * Double(box)])
      }
      try database.execute(sql: "INSERT INTO video_metadata (id, display_path) VALUES (1, 'film.mp4')")
    }
    try queue.close()
  }
}
