import Foundation
import GRDB
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct AnnotationDatabaseTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everythingIsReadAsItIs() throws {
    let video = try Annotated.complete(folder.url)
    try video.execute(
      "INSERT INTO video_metadata (id, video_hash, storage_path, duration_seconds, width) VALUES (1, ?, 'a.mp4', 4.5, 128)",
      [String(repeating: "Ab", count: 32)])
    let database = try AnnotationDatabase(video.url)
    let segments = try database.segments()
    #expect(segments.map(\.text) == ["one", "two", "", " ", "three"])
    #expect(segments[1] == CaptionSegment(id: 2, start: 8, end: 15, text: "two"))
    #expect(segments.map(\.hasText) == [true, true, false, false, true])
    let layout = try #require(try database.layout())
    #expect(layout.crop == CropBounds(left: 16, top: 100, right: 112, bottom: 112))
    #expect(layout.anchor == .left && layout.cropBoundsVersion == 3 && layout.analysisVersion == nil)
    #expect(
      try database.boxes() == [
        OCRBox(frameIndex: 0, confidence: 0.9, x: 0.25, y: 0.16, width: 0.1, height: 0.05)
      ])
    let facts = try database.video()
    #expect(facts.hash == String(repeating: "ab", count: 32) && facts.path == "a.mp4" && facts.seconds == 4.5)
    #expect(facts.width == 128 && facts.height == nil && facts.fileSize == InputFile.size(video.url))
    #expect(try database.frameIndices() == Array(0..<40))
    #expect(try database.picture(3).width == 96)
    #expect(try database.storedVisualization() == nil)
  }

  @Test func olderFilesHaveDefaults() throws {
    let video = try Annotated(
      folder.url,
      schema: """
        CREATE TABLE captions (id INTEGER PRIMARY KEY, start_frame_index, end_frame_index, text);
        CREATE TABLE cropped_frames (frame_index INTEGER PRIMARY KEY, image_data BLOB);
        INSERT INTO captions VALUES (1, 0, 3, 'a');
        """)
    let database = try AnnotationDatabase(video.url)
    #expect(try database.segments().map(\.state) == [.predicted])
    #expect(try database.layout() == nil)
    #expect(try database.boxes() == [])
    let facts = try database.video()
    #expect(facts.hash == (try SHA256.hex(ofFileAt: video.url)) && facts.path == video.url.path)
  }

  @Test func overlapsAndNonsenseAreRefused() throws {
    func segments(_ rows: [(Int, Int, String, String?)], _ name: String) throws -> [CaptionSegment] {
      try AnnotationDatabase(Annotated(folder.url, name, captions: rows).url).segments()
    }
    expectLabError(mentioning: "overlap", "1, frames 0 to 5", "2, frames 5 to 9", "annotations.db") {
      try segments([(0, 5, "confirmed", "a"), (5, 9, "confirmed", "b")], "a")
    }
    expectLabError(mentioning: "ends before it begins: 9 to 3") { try segments([(9, 3, "gap", nil)], "b") }
    expectLabError(mentioning: "whose frames are no numbers") {
      try segments([(-4, 3, "confirmed", nil)], "c")
    }
    // A prediction may lie where a confirmed caption does.
    #expect(try segments([(0, 5, "confirmed", "a"), (2, 9, "predicted", nil)], "d").count == 2)
  }

  @Test func whatIsNoAnnotationDatabaseIsRefused() throws {
    expectLabError(mentioning: "is not a SQLite database") {
      try AnnotationDatabase(folder.write("hello".utf8, to: "text/annotations.db"))
    }
    expectLabError(mentioning: "does not exist") {
      try AnnotationDatabase(folder.url.appending(path: "no.db"))
    }
    expectLabError(mentioning: "cannot be read") { try AnnotationDatabase(folder.url) }
    let other = try Annotated(folder.url, schema: "CREATE TABLE captions (id, text)")
    expectLabError(mentioning: "no column start_frame_index, end_frame_index") {
      try AnnotationDatabase(other.url)
    }
    try other.execute("DROP TABLE captions")
    expectLabError(mentioning: "has no table captions") { try AnnotationDatabase(other.url) }
  }

  @Test func damageIsASentence() throws {
    let video = try Annotated.complete(folder.url)
    var bytes = [UInt8](try Data(contentsOf: video.url))
    for place in 4096..<bytes.count where place % 3 == 0 { bytes[place] = 0xA5 }
    let damaged = try folder.write(bytes, to: "damaged/annotations.db")
    expectLabError(mentioning: "damaged") {
      let database = try AnnotationDatabase(damaged)
      _ = try (database.segments(), database.frameIndices(), database.boxes(), database.layout())
    }
    let short = try folder.write(bytes.prefix(3000), to: "short/annotations.db")
    expectLabError(mentioning: "short/annotations.db") { try AnnotationDatabase(short).segments() }
  }

  @Test func hostileValuesAreRefusedOrLeftOut() throws {
    let video = try Annotated.complete(folder.url)
    try video.execute("UPDATE full_frame_ocr SET x = 1e300")
    #expect(try AnnotationDatabase(video.url).boxes() == [])
    try video.execute("UPDATE video_layout_config SET crop_right = 900")
    expectLabError(mentioning: "(16, 100) to (900, 112)") { try AnnotationDatabase(video.url).layout() }
    try video.execute(
      """
      UPDATE video_layout_config SET frame_width = 60000, frame_height = 60000, crop_right = 60000,
        crop_bottom = 60000
      """)
    expectLabError(mentioning: "to (60000, 60000)") { try AnnotationDatabase(video.url).layout() }
    try video.execute("UPDATE video_layout_config SET crop_right = 'wide', frame_width = x'00'")
    expectLabError(mentioning: "a crop") { try AnnotationDatabase(video.url).layout() }
    try video.execute("UPDATE captions SET text = x'ff00' WHERE id = 2")
    expectLabError(mentioning: "whose text is none") { try AnnotationDatabase(video.url).segments() }
    try video.execute("UPDATE captions SET start_frame_index = 9223372036854775807 WHERE id = 2")
    expectLabError(mentioning: "no numbers") { try AnnotationDatabase(video.url).segments() }
  }

  @Test func framesThatAreNoPicturesAreNamed() throws {
    let video = try Annotated.complete(folder.url)
    try video.execute("UPDATE cropped_frames SET image_data = 'no picture' WHERE frame_index = 5")
    // A PNG header that claims 60,000 x 60,000 pixels.
    let claim = Data(
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0])
    try video.execute("UPDATE cropped_frames SET image_data = ? WHERE frame_index = 6", [claim])
    let wide = Data(picture(9000, 2).encodedPNG())
    try video.execute("UPDATE cropped_frames SET image_data = ? WHERE frame_index = 7", [wide])
    try video.execute("UPDATE cropped_frames SET image_data = '' WHERE frame_index = 8")
    let database = try AnnotationDatabase(video.url)
    expectLabError(mentioning: "frame 5 of", "annotations.db", "neither PNG nor JPEG") {
      try database.picture(5)
    }
    expectLabError(mentioning: "frame 6 of") { try database.picture(6) }
    expectLabError(mentioning: "frame 7 of", "no caption") { try database.picture(7) }
    expectLabError(mentioning: "frame 8 of", "empty") { try database.picture(8) }
    expectLabError(mentioning: "no picture of frame 99") { try database.picture(99) }
  }

  /// Reading leaves the file as it is and no other beside it, in write-ahead mode too and where the folder is closed.
  @Test func nothingIsWritten() throws {
    let video = try Annotated.complete(folder.url)
    let queue = try DatabaseQueue(path: video.url.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.close()
    let before = try contents(folder.url)
    _ = try VideoSurvey(video.url)
    #expect(try AnnotationDatabase(video.url).picture(2).height == 12)
    #expect(try contents(folder.url) == before)
  }

  /// What another program has written but not yet moved into the file counts.
  @Test func aLogThatIsInUseIsRead() throws {
    let video = try Annotated.complete(folder.url)
    let queue = try DatabaseQueue(path: video.url.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.write { try $0.execute(sql: "UPDATE captions SET text = 'new' WHERE id = 1") }
    #expect(try AnnotationDatabase(video.url).segments()[0].text == "new")
    try queue.close()
  }

  @Test func placesAreFilesFoldersAndPatterns() throws {
    for name in ["a/one", "a/two", "b/three"] { _ = try Annotated(folder.url, name) }
    let root = folder.url.path
    func names(_ places: String...) throws -> [String] {
      try AnnotationSearch.files(places.map { "\(root)/\($0)" }).map {
        $0.deletingLastPathComponent().lastPathComponent
      }
    }
    #expect(try names("") == ["one", "two", "three"])
    #expect(try names("b", "a/two", "a") == ["three", "two", "one"])
    #expect(try names("a/t*", "*/t?o/annotations.db", "b/three/annotations.db") == ["two", "three"])
    try folder.write("{}".utf8, to: "a/captions.json")
    #expect(try names("a/*") == ["one", "two"])
    expectLabError(mentioning: "does not exist") { try names("c*") }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    expectLabError(mentioning: "there is no annotations.db in") { try names("empty") }
  }
}
