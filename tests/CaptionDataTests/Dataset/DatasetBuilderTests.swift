import Foundation
import GRDB
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct DatasetBuilderTests {
  private let folder: TemporaryFolder
  private let sets: URL

  init() throws {
    folder = try TemporaryFolder()
    sets = folder.url.appending(path: "datasets")
  }

  private func request(_ places: URL..., name: String = "first") -> DatasetRequest {
    DatasetRequest(name: name, places: places.map(\.path))
  }

  private func builder(_ request: DatasetRequest) -> DatasetBuilder { DatasetBuilder(request, in: sets) }

  /// That the request is refused with these words and leaves nothing at all.
  private func expectRefusal(
    _ request: DatasetRequest, mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let sentence = expectLabError(sourceLocation: sourceLocation) { try builder(request).make() }
    for word in words {
      #expect(sentence.contains(word), "\(word) in: \(sentence)", sourceLocation: sourceLocation)
    }
    let left = FileManager.default.fileExists(atPath: sets.path) ? try contents(sets).keys.sorted() : []
    #expect(left == [], sourceLocation: sourceLocation)
  }

  @Test func pairsFramesAndFactsAreThere() throws {
    let video = try Annotated.complete(folder.url)
    var wanted = request(video.url)
    wanted.description = "a test"
    let report = try builder(wanted).make()
    #expect(report.sampleCount == 19 && report.videoCount == 1 && report.notices == [])
    #expect(report.counts.map { $0.train + $0.val } == [9, 1, 7, 1, 1])
    #expect(try contents(sets).keys.sorted() == ["first.db"])
    let dataset = try CaptionDataset(report.url)
    #expect(dataset.name == "first" && dataset.description == "a test" && dataset.samples.count == 19)
    #expect(
      dataset.samples.map(\.label)
        == FramePairs(of: try AnnotationDatabase(video.url).segments()).pairs.map(\.label))
    #expect(try DatasetCheck(dataset).faults == [])
    // The eight tables, and no trace of the making.
    let queue = try DatabaseQueue(path: report.url.path)
    let tables = try queue.read {
      try String.fetchAll(
        $0, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    }
    #expect(
      Set(tables) == [
        "video_registry", "training_datasets", "training_samples", "font_embeddings", "ocr_visualizations",
        "training_frames", "training_ocr_visualizations", "experiments",
      ])
    // Constraints are on: unknown labels, pairs twice, sets that are not there.
    for sql in [
      "UPDATE training_samples SET label = 'maybe'", "UPDATE training_samples SET split = 'rest'",
      "UPDATE training_samples SET frame1_index = 0, frame2_index = 1",
      "UPDATE training_samples SET dataset_id = 9", "UPDATE training_datasets SET train_split_ratio = 1",
      "INSERT INTO font_embeddings (video_hash, embedding, reference_frame_index, num_ocr_boxes, mean_ocr_confidence,"
        + " fontclip_model_version) VALUES ('none', '', 0, 0, 0, 'v')",
    ] {
      #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }
  }

  @Test func anExistingNameIsRefusedAndKept() throws {
    let video = try Annotated.complete(folder.url)
    let url = try builder(request(video.url)).make().url
    let before = try contents(sets)
    expectLabError(mentioning: "first.db is there already", exitCode: 2) {
      try builder(request(video.url)).make()
    }
    #expect(try contents(sets) == before && url.lastPathComponent == "first.db")
  }

  @Test func twoAtOnce() throws {
    let video = try Annotated.complete(folder.url)
    let lock = try FolderLock(sets.appending(path: ".first.partial"), work: "x", remedy: "y")
    expectLabError(mentioning: "the data set first is being made by process") {
      try builder(request(video.url)).make()
    }
    #expect(try builder(request(video.url, name: "second")).make().sampleCount == 19)
    withExtendedLifetime(lock) {}
  }

  @Test func videosThatGiveNothingAreOneSentence() throws {
    let none = try Annotated(folder.url, "none")
    try expectRefusal(request(none.url), mentioning: "has no captions")
    let predicted = try Annotated(
      folder.url, "predicted", captions: [(0, 5, "predicted", "a"), (6, 9, "gap", nil)])
    try expectRefusal(request(predicted.url), mentioning: "no confirmed captions, only 2 others")
    let unread = try Annotated(folder.url, "unread", captions: [(0, 5, "confirmed", nil)])
    try expectRefusal(request(unread.url), mentioning: "nobody has written their text")
    let plain = try Annotated(folder.url, "plain", captions: [(0, 5, "confirmed", "a")], frames: 6)
    try expectRefusal(request(plain.url), mentioning: "no OCR visualisation")
    try expectRefusal(
      request(none.url, predicted.url), mentioning: "and the other video gives no pair either")
    // Beside a good video they are left out.
    let good = try Annotated.complete(folder.url, "good")
    let report = try builder(request(none.url, good.url, plain.url)).make()
    #expect(report.videoCount == 1 && report.notices.count == 2)
    #expect(report.notices[0].contains("none/annotations.db has no captions; it is left out"))
  }

  @Test func faultsOfAVideoLeaveNothing() throws {
    let video = try Annotated.complete(folder.url)
    try video.execute("UPDATE cropped_frames SET image_data = 'no picture' WHERE frame_index = 7")
    try expectRefusal(request(video.url), mentioning: "frame 7 of", "neither PNG nor JPEG")
    try video.execute("DELETE FROM cropped_frames WHERE frame_index = 7")
    try expectRefusal(request(video.url), mentioning: "has no picture of frame 7")
    try video.execute("UPDATE captions SET start_frame_index = 4 WHERE id = 2")
    try expectRefusal(request(video.url), mentioning: "overlap")
    try expectRefusal(request(folder.url.appending(path: "nowhere")), mentioning: "does not exist")
  }

  @Test func aLabelWithoutPairsIsRefused() throws {
    let video = try Annotated.complete(folder.url)
    try video.execute("UPDATE captions SET text = '' WHERE id <= 2")
    try expectRefusal(request(video.url), mentioning: "none of the 19 pairs is different or valid_empty")
  }

  @Test func wrongRequestsAreRefused() throws {
    let video = try Annotated.complete(folder.url)
    for name in ["", "../x", ".x", "-x", "a b", "é", String(repeating: "a", count: 101)] {
      try expectRefusal(request(video.url, name: name), mentioning: "cannot be called")
    }
    for ratio in [0, 1, -0.5, Double.nan] {
      var wrong = request(video.url)
      wrong.trainRatio = ratio
      try expectRefusal(wrong, mentioning: "--train-ratio")
    }
    var shows = request(video.url)
    shows.split = .showBased
    try expectRefusal(shows, mentioning: "one show", "--split random")
  }

  /// What a kill leaves is gone on with and gives the same set; with other options it is left alone.
  @Test func aKilledMakingGoesOn() throws {
    let videos = folder.url.appending(path: "videos")
    try SyntheticVideoFolder(count: 4, segments: 8, seed: 3).make(at: videos)
    let whole = try builder(request(videos, name: "first")).make()
    let expected = try rows(whole.url)
    // As a kill after two videos leaves it.
    let partial = sets.appending(path: ".first.partial")
    try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    let draft = partial.appending(path: "dataset.db")
    try FileManager.default.moveItem(at: whole.url, to: draft)
    let queue = try DatabaseQueue(path: draft.path)
    let recipe = try DatasetPlan(request(videos)).recipe(request(videos))
    try queue.write { database in
      try database.execute(sql: DatasetSchema.making)
      try database.execute(sql: "INSERT INTO making VALUES (?)", arguments: [recipe])
      let late = try String.fetchAll(database, sql: "SELECT video_hash FROM video_registry").suffix(2)
      for hash in late {
        for table in [
          "font_embeddings", "ocr_visualizations", "training_frames", "training_ocr_visualizations",
          "video_registry",
        ] {
          try database.execute(sql: "DELETE FROM \(table) WHERE video_hash = ?", arguments: [hash])
        }
      }
    }
    try queue.close()
    expectLabError(mentioning: "only half made") { try CaptionDataset(draft) }
    var other = request(videos)
    other.seed = 43
    let before = try contents(sets)
    expectLabError(mentioning: "half-made data set of other videos or options") { try builder(other).make() }
    #expect(try contents(sets).filter { !$0.key.hasSuffix(".lock") } == before)
    let report = try builder(request(videos)).make()
    #expect(report.resumedCount == 2 && report.videoCount == 4)
    #expect(try contents(sets).keys.sorted() == ["first.db"])
    // Rows come in the same order but for the numbers of those that were written again.
    func bare(_ rows: [String]) -> [String] { rows.map { $0.replacing(#/: id \d+,/#, with: ":") }.sorted() }
    #expect(bare(try rows(report.url)) == bare(expected))
  }

  @Test func twoAnnotationsOfOneVideoAreOneVideo() throws {
    let (one, two) = (try Annotated.complete(folder.url, "a"), try Annotated.complete(folder.url, "b"))
    for video in [one, two] {
      try video.execute(
        "INSERT INTO video_metadata (id, video_hash) VALUES (1, ?)", [String(repeating: "1f", count: 32)])
    }
    try two.execute("UPDATE captions SET text = 'x' WHERE id = 3")
    let report = try builder(request(one.url, two.url)).make()
    #expect(report.videoCount == 1 && report.sampleCount == 19)
    #expect(
      report.notices.count == 1
        && report.notices[0].contains("19 pairs are in two annotations of one video, 5 of"))
    let again = try builder(request(one.url, one.url.deletingLastPathComponent(), name: "again")).make()
    #expect(again.sampleCount == 19 && again.notices == [])
  }

  @Test func showsAreFolders() throws {
    for show in ["a", "b", "c"] { _ = try Annotated.complete(folder.url.appending(path: show), "one") }
    for (number, show) in ["a", "b", "c"].enumerated() {
      let queue = try DatabaseQueue(path: folder.url.appending(path: "\(show)/one/annotations.db").path)
      try queue.write {
        try $0.execute(
          sql: "INSERT INTO video_metadata (id, video_hash) VALUES (1, ?)",
          arguments: [String(repeating: "\(number)\(number)", count: 32)])
      }
      try queue.close()
    }
    var request = DatasetRequest(name: "shows", places: [folder.url.path])
    (request.split, request.trainRatio) = (.showBased, 0.7)
    let dataset = try CaptionDataset(builder(request).make().url)
    let watched = Set(dataset.samples.filter { $0.part == .val }.map(\.videoHash))
    let trained = Set(dataset.samples.filter { $0.part == .train }.map(\.videoHash))
    #expect(watched.count == 1 && trained.count == 2 && watched.isDisjoint(with: trained))
  }
}
