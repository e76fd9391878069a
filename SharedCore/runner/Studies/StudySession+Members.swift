import Foundation
import Tracking
import Utils

/// Runs of a study in processes of their own: how they are started, what one does, and what they leave behind.
extension StudySession {
  /// Takes over what processes of single runs have left behind, and writes what the study now is.
  func takeUp(_ folder: RunFolder, _ record: inout StudyRecord) throws {
    let places = StudyMember.places(in: folder)
    for place in places {
      let report = StudyMember.Report(of: place, in: folder)
      if let cell = report.cell { record.take(cell) } else { record.unfinished += report.begun }
    }
    try record.write(to: folder)
    if let file = plan.sweepFile {
      try AtomicFile.write(file.text, to: folder.url.appending(path: "sweep.yaml"), kind: .tracking)
    }
    for place in places {
      try? FileManager.default.removeItem(at: StudyMember.file(place, "json", in: folder))
    }
  }

  func jobs(_ folder: RunFolder) throws -> StudyJobs {
    try FileManager.default.createDirectory(
      at: StudyMember.members(folder), withIntermediateDirectories: true)
    let count = try options.jobCount
    let share = max(1, ProcessInfo.processInfo.activeProcessorCount / count)
    let threads = try options.common.threadLimit() == nil ? ["--threads", "\(share)"] : []
    return StudyJobs(
      program: Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]),
      arguments: arguments + threads, count: count, folder: folder)
  }

  /// Trains one run for the study's process; 0, or 128 and the signal when it was ended.
  func train(_ member: StudyMember) throws -> Int32 {
    Interruption.watch()
    StudyMember.endWithParent()
    member.waitForPredecessor()
    guard let record = try StudyRecord(in: member.folder) else { return 1 }
    var report = StudyMember.Report(of: member.place, in: member.folder)
    guard report.cell == nil else { return 0 }
    let cell = try train(member.cell, member.folder, unfinished: record.unfinished + report.begun) { run in
      report.begun.append(run)
      try report.write(as: member.place, in: member.folder)
    }
    guard let cell else { return 128 + Interruption.signal }
    report.cell = cell
    try report.write(as: member.place, in: member.folder)
    return 0
  }
}
