import Foundation
import TestSupport
import Testing
import Tracking
import Utils

@testable import Runner

/// Runs of a study as processes: here a script that writes what a run would.
@Suite struct StudyJobsTests {
  private let bench: Bench
  private let folder: RunFolder

  init() throws {
    bench = try Bench()
    folder = try bench.train("--experiment", "three-blobs", "--seeds", "4", "epochs=1")
    try FileManager.default.createDirectory(
      at: StudyMember.members(folder), withIntermediateDirectories: true)
  }

  /// A shell that gets the study's folder and a place as the two halves of its last word.
  private func jobs(_ count: Int, _ script: String) throws -> StudyJobs {
    let file = bench.root.appending(path: "child.sh")
    try Data("folder=${!#%:*} place=${!###*:}\n\(script)\n".utf8).write(to: file)
    return StudyJobs(
      program: URL(filePath: "/bin/bash"), arguments: [file.path], count: count, folder: folder)
  }

  private let result = """
    echo '{"begun": ["r'$place'"], "cell": {"values": {}, "seed": '$place', "run": "r'$place'", "metrics": {}, "seconds": 1}}' > $folder/members/$place.json
    """

  @Test func everyPlaceIsRunAndSoManyAtOnce() throws {
    let marks = bench.root.path
    let jobs = try jobs(
      2,
      "touch \(marks)/on.$place; ls \(marks) | grep -c '^on' >> \(marks)/counts; sleep 0.2; rm \(marks)/on.$place\n\(result)"
    )
    var ended: [Int] = []
    try jobs.run([0, 1, 2, 3]) { place in
      ended.append(place)
      return true
    }
    #expect(ended.sorted() == [0, 1, 2, 3])
    let counts = try text(bench.root.appending(path: "counts")).split(separator: "\n")
    #expect(counts.contains("2") && !counts.contains("3"))
    #expect(StudyMember.Report(of: 2, in: folder).cell?.seed == 2)
  }

  @Test func aResultMayBeTheLast() throws {
    var ended = 0
    try jobs(1, result).run([0, 1, 2]) { _ in
      ended += 1
      return ended < 2
    }
    #expect(ended == 2)
  }

  @Test func aComplaintIsPassedOnAndNoOtherBegins() throws {
    let jobs = try jobs(1, "echo 'error: the disk is full; free some.' >&2; exit 1")
    expectLabError(
      mentioning: "run 2 of the study has no result: the disk is full", "--resume \(folder.id)"
    ) {
      try jobs.run([1, 2]) { _ in true }
    }
    #expect(!FileManager.default.fileExists(atPath: StudyMember.file(2, "err", in: folder).path))
    expectLabError(mentioning: "it ended by signal 9") {
      try self.jobs(1, "kill -9 $$").run([1]) { _ in true }
    }
  }

  @Test func aStudyTakesUpWhatItsProcessesLeftBehind() throws {
    var record = try #require(try StudyRecord(in: folder))
    let last = record.cells.removeLast()
    try record.write(to: folder)
    var report = StudyMember.Report(of: 3, in: folder)
    report.begun = [last.run]
    report.cell = last
    try report.write(as: 3, in: folder)
    try FileManager.default.removeItem(at: folder.results)
    try bench.train("--resume", folder.id)
    #expect(try StudyRecord(in: folder)?.cells.last == last, "nothing is trained again")
    #expect(StudyMember.places(in: folder) == [])
  }

  @Test func aStudyIsTrainedByOneProcess() throws {
    let lock = try FolderLock(folder.url, work: "this", remedy: "wait")
    defer { withExtendedLifetime(lock) {} }
    expectLabError(mentioning: "the study \(folder.id) is being trained by process") {
      try bench.train("--resume", folder.id)
    }
  }

  @Test func whatIsNoMemberIsRefused() throws {
    for place in ["\(folder.url.path):9", "\(folder.url.path):-1", "nowhere:1", "x"] {
      expectLabError(mentioning: "is no run of a study", exitCode: 2) {
        try bench.train("--study-member", place)
      }
    }
  }
}
