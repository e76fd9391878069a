import Foundation
import TestSupport
import Testing

@testable import CaptionData

/// `lab captions` as somebody types it.
@Suite struct LabCaptionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lab(_ words: String...) throws -> (code: Int32, output: String) {
    try runLab(["captions"] + words, in: folder.url)
  }

  @Test func fromNothingToACheckedSet() throws {
    let made = try lab("make", "videos", "--videos", "2", "--captions", "14", "--seed", "4")
    #expect(made.code == 0 && made.output.contains("2 videos of 14 captions lie in videos"), "\(made.output)")
    let created = try lab("create-dataset", "first", "vid*", "-d", "a test")
    #expect(created.code == 0 && created.output.contains("2 videos: datasets/first.db"), "\(created.output)")
    let checked = try lab("check", "datasets/first.db", "videos")
    #expect(checked.code == 0 && checked.output.contains("frames copied"), "\(checked.output)")
    let referring = try lab(
      "create-dataset", "second", "videos", "--frames", "by-reference", "--split", "random")
    #expect(referring.code == 0, "\(referring.output)")
    try FileManager.default.removeItem(at: folder.url.appending(path: "videos/video_0001"))
    let broken = try lab("check", "datasets/second.db")
    #expect(broken.code == 1 && broken.output.contains("faults were found"), "\(broken.output)")
  }

  @Test func wrongWordsAreSentences() throws {
    for (words, expected) in [
      (["create-dataset", "x", "nowhere"], "nowhere does not exist"),
      (["create-dataset", "x", ".", "--split", "shows"], "no split called"),
      (["create-dataset", "x", ".", "--frames", "reference"], "by-reference"),
      (["check", "nowhere"], "does not exist"), (["make", "videos", "--videos", "0"], "cannot be made"),
    ] {
      let said = try runLab(["captions"] + words, in: folder.url)
      #expect(
        said.code != 0 && said.output.hasPrefix("error: ") && said.output.contains(expected), "\(said.output)"
      )
      #expect(said.output.split(separator: "\n").count == 1)
    }
  }
}
