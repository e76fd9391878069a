import Foundation
import GRDB
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct AnnotationExcerptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func confirmed(_ url: URL) throws -> AnnotationDatabase {
    let queue = try DatabaseQueue(path: url.path)
    try queue.write { database in
      try database.execute(
        sql: "UPDATE captions SET boundary_state = 'confirmed' WHERE boundary_state = 'predicted'")
    }
    try queue.close()
    return try AnnotationDatabase(url)
  }

  /// Of five stretches the first two and the last: what an annotator confirms gives the pairs of the video and no other.
  @Test func whatWasLeftOutGivesNoPair() throws {
    let video = try Annotated.complete(folder.url)
    let url = folder.url.appending(path: "excerpt/annotations.db")
    try AnnotationExcerpt(of: video.url, notes: [([4, 5], "a"), ([1, 2], "b")]).write(to: url)
    let database = try AnnotationDatabase(url)
    let segments = try database.segments()
    #expect(segments.map(\.id) == [1, 2, 6, 4, 5])
    #expect(segments.map(\.state) == [.predicted, .predicted, .gap, .predicted, .predicted])
    #expect(segments[2].start == 16 && segments[2].end == 23 && segments[2].isLeftOut)
    #expect(try database.frameIndices() == Array(0..<16) + Array(24..<40))

    let whole = Set(FramePairs(of: try AnnotationDatabase(video.url).segments()).pairs)
    let pairs = FramePairs(of: try confirmed(url).segments()).pairs
    #expect(pairs.count == 14 && pairs.allSatisfy(whole.contains))
    let inputs = try VideoInputs(url, fit: CaptionFit(width: 96, height: 16), variant: .boundaries)
    for all in [false, true] {
      #expect(try inputs.neighbours(all: all).map { [$0.firstID, $0.secondID] } == [[1, 2], [4, 5]])
    }
  }

  /// Stretches that the network was asked about as neighbours stay such, though something unconfirmed lies between them.
  @Test func whatMetStillMeets() throws {
    let video = try Annotated(
      folder.url,
      captions: [
        (0, 3, "confirmed", "a"), (4, 7, "gap", nil), (8, 11, "confirmed", "b"), (12, 15, "confirmed", ""),
      ], frames: 16)
    try video.addLayout()
    let url = folder.url.appending(path: "excerpt/annotations.db")
    try AnnotationExcerpt(of: video.url, notes: [([1, 3], "a"), ([3, 4], "b")]).write(to: url)
    let segments = try confirmed(url).segments()
    #expect(segments.map(\.id) == [1, 3, 4] && !segments.contains { $0.isLeftOut })
    #expect(FramePairs(of: segments).pairs.contains { $0.first == 3 && $0.second == 8 })
  }

  @Test func aFileThatIsThereIsKept() throws {
    let video = try Annotated.complete(folder.url)
    expectLabError(mentioning: "is there already") {
      try AnnotationExcerpt(of: video.url, notes: [([1, 2], "a")]).write(to: video.url)
    }
  }
}
