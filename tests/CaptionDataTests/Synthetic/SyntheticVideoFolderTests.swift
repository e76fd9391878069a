import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct SyntheticVideoFolderTests {
  private let parent: TemporaryFolder
  private let set: SyntheticVideoFolder
  private var folder: URL { parent.url.appending(path: "videos") }
  private var partial: URL { parent.url.appending(path: ".videos.partial") }

  init() throws {
    parent = try TemporaryFolder()
    set = try SyntheticVideoFolder(count: 3, segments: 4, seed: 11)
  }

  @Test func databasesHoldWhatTheVideosAre() throws {
    #expect(try set.make(at: folder) == 0)
    #expect(try contents(parent.url).keys.filter { $0.contains("partial") || $0.contains(".lock") }.isEmpty)
    let files = try AnnotationSearch.files([folder.path])
    #expect(files.count == 3 && files[2].path.hasSuffix(SyntheticVideoFolder.file(2)))
    for (number, file) in files.enumerated() {
      let video = try SyntheticVideo(number: number, seed: 11, segments: 4)
      let database = try AnnotationDatabase(file)
      #expect(try database.segments() == video.segments)
      #expect(try database.layout() == video.layout)
      #expect(try database.boxes().count == video.boxes().count)
      #expect(try database.video().hash == video.hash)
      #expect(try database.frameIndices() == Array(0..<video.frameCount))
      let (read, drawn) = (try database.picture(5), video.frame(5))
      let difference = zip(read.pixels, drawn.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(difference) / Double(drawn.pixels.count) < 6)
      #expect(try #require(try database.storedVisualization()).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test func anInterruptedMakingGoesOn() throws {
    try set.make(at: folder)
    let whole = try rows(folder.appending(path: SyntheticVideoFolder.file(1)))
    try FileManager.default.moveItem(at: folder, to: partial)
    try FileManager.default.removeItem(at: partial.appending(path: SyntheticVideoFolder.file(1)))
    try Data("half".utf8).write(to: partial.appending(path: "video_0001/.annotations.db.partial"))
    let other = try SyntheticVideoFolder(count: 3, segments: 4, seed: 12)
    expectLabError(mentioning: ".videos.partial", "another recipe") { try other.make(at: folder) }
    #expect(try set.make(at: folder) == 2)
    #expect(try rows(folder.appending(path: SyntheticVideoFolder.file(1))) == whole)
    #expect(try contents(parent.url).keys.filter { $0.contains("partial") }.isEmpty)
  }

  @Test func whatIsThereIsNotReplaced() throws {
    try parent.write("mine".utf8, to: "videos")
    expectLabError(mentioning: "is there already") { try set.make(at: folder) }
    #expect(try contents(parent.url).count == 1)
  }

  @Test func oneProcessAtATime() throws {
    let lock = try FolderLock(partial, work: "this", remedy: "wait")
    expectLabError(mentioning: "is being made by process") { try set.make(at: folder) }
    withExtendedLifetime(lock) {}
  }
}
