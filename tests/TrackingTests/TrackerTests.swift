import Foundation
import Synchronization
import Testing
import Utils

@testable import Tracking

/// Counts its calls and fails at all of them if told so.
private final class Probe: Tracker {
  let name: String
  let fails: Bool
  let calls = Mutex<[String]>([])

  init(_ name: String, fails: Bool = false) { (self.name, self.fails) = (name, fails) }

  private func called(_ hook: String) throws {
    calls.withLock { $0.append(hook) }
    if fails { throw LabError(.tracking, "\(hook) went wrong", remedy: "try again") }
  }

  func runStarts(_ run: RunDescription, in folder: RunFolder) throws { try called("start \(run.id)") }
  func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    try called("\(metrics[0].name) \(metrics[0].value) at \(step), \(epoch)")
  }
  func artifact(_ artifact: Artifact) throws { try called(artifact.kind) }
  func runEnds(_ outcome: RunOutcome) throws { try called(outcome.status.rawValue) }
}

@Suite struct TrackerTests {
  @Test func aGroupTellsAllAndWarnsOnceOfEach() throws {
    let (good, bad, worse) = (Probe("good"), Probe("bad", fails: true), Probe("worse", fails: true))
    let warnings = Box()
    let group = TrackerGroup([bad, good, worse]) { warnings.append($0) }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      group.runStarts(sampleRun(), in: folder)
      group.log([("loss", 0.5)], step: 3, epoch: 1)
      group.artifact(Artifact(url: folder.report, kind: "report"))
      group.runEnds(sampleOutcome(.stopped))
    }
    let calls = ["start abc123", "loss 0.5 at 3, 1", "report", "stopped"]
    for probe in [good, bad, worse] { #expect(probe.calls.withLock { $0 } == calls) }
    #expect(
      warnings.texts
        == ["bad", "worse"].map {
          "The \($0) record of this run may be incomplete: start abc123 went wrong; try again."
        })
  }

  @Test func whatCouldNotBeWrittenComesFirstNextTime() throws {
    let written = Box()
    let isFull = Mutex(true)
    let buffer = WriteBehind<String>(delay: 1000) { elements in
      if isFull.withLock({ $0 }) { throw LabError(.tracking, "full", remedy: "wait") }
      elements.forEach(written.append)
    }
    try buffer.append("a")
    #expect(throws: LabError.self) { try buffer.flush() }
    try buffer.append("b")
    isFull.withLock { $0 = false }
    try buffer.flush()
    try buffer.flush()
    #expect(written.texts == ["a", "b"])
  }

  @Test func anErrorOnTheOtherThreadIsThrownByTheNextCallOnce() throws {
    let attempts = Box()
    let buffer = WriteBehind<String>(delay: 0.01) { elements in
      attempts.append(elements.joined())
      throw LabError(.tracking, "full", remedy: "wait")
    }
    try buffer.append("a")
    let deadline = ContinuousClock.now + .seconds(20)
    var failures = 0
    while failures == 0, ContinuousClock.now < deadline {
      usleep(20_000)
      do { try buffer.append("b") } catch { failures += 1 }
    }
    #expect(failures == 1)
    #expect(attempts.texts.first == "a")
  }
}

/// Texts from any thread.
private final class Box: Sendable {
  private let list = Mutex<[String]>([])
  var texts: [String] { list.withLock { $0 } }
  func append(_ text: String) { list.withLock { $0.append(text) } }
}
