import Foundation
import Tracking
import Utils

/// Trains runs of a study in processes of their own, some at once.
struct StudyJobs {
  /// The program that trains one run, and what it is called with beside the run's place.
  let program: URL
  let arguments: [String]
  /// How many go on at once.
  let count: Int
  let folder: RunFolder

  private struct Job {
    let place: Int
    let process: Process
  }

  /// Runs those at `places`, in their order; `ended` hears of each that has a result, and answers whether others shall begin.
  ///
  /// Throws what the first one that failed complained of, when all that were going on have ended.
  func run(_ places: [Int], ended: (Int) throws -> Bool) throws {
    Interruption.watch()
    var waiting = places[...]
    var running: [Job] = []
    var failure: (any Error)?
    var isEnding = false
    while true {
      if Interruption.signal != 0, !isEnding {
        isEnding = true
        for job in running { kill(job.process.processIdentifier, SIGTERM) }
      }
      while !isEnding, failure == nil, running.count < count, let place = waiting.popFirst() {
        running.append(Job(place: place, process: try start(place)))
      }
      if running.isEmpty { break }
      usleep(10_000)
      for job in running where !job.process.isRunning {
        running.removeAll { $0.place == job.place }
        do {
          if StudyMember.Report(of: job.place, in: folder).cell != nil {
            if try !ended(job.place) { waiting = [] }
          } else if Interruption.signal == 0 {
            throw complaint(of: job)
          }
        } catch { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }

  private func start(_ place: Int) throws -> Process {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments + ["--study-member", "\(folder.url.path):\(place)"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = StudyMember.file(place, "err", in: folder)
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    process.standardError = try FileHandle(forWritingTo: errors)
    do { try process.run() } catch {
      throw LabError(
        .usage, "\(program.path) cannot be started", remedy: "build the workspace, and see that it may be run"
      )
    }
    return process
  }

  /// The sentence of a run that has none to show, or how it ended.
  private func complaint(of job: Job) -> LabError {
    let said =
      (try? String(contentsOf: StudyMember.file(job.place, "err", in: folder), encoding: .utf8)) ?? ""
    let line = said.split(separator: "\n").last { $0.hasPrefix("error: ") }?.dropFirst(7)
    let code = job.process.terminationStatus
    let isCrash = job.process.terminationReason == .uncaughtSignal
    let sentence = line.map { $0.split(separator: "; ", maxSplits: 1).map(String.init) } ?? []
    let cause = sentence.first ?? (isCrash ? "it ended by signal \(code)" : "it ended with code \(code)")
    let remedy = sentence.count == 2 ? String(sentence[1].prefix { $0 != "\n" }) : "see its log"
    let isUsage = code == 2 && !isCrash
    return LabError(
      isUsage ? .config : .training, "run \(job.place + 1) of the study has no result: \(cause)",
      remedy: (remedy.hasSuffix(".") ? String(remedy.dropLast()) : remedy)
        + (isUsage ? "" : ", then go on with --resume \(folder.id)"))
  }
}
