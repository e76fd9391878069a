import Foundation
import Testing

@testable import Utils

@Suite("Numbers for people")
struct NumbersForPeopleTests {
  @Test(
    "three digits, and no fewer than stand before the point",
    arguments: [
      (0, "0"), (1, "1"), (0.0123, "0.0123"), (4.567, "4.57"), (45.67, "45.7"), (128.4, "128"),
      (13712.3, "13712"),
      (-4.567, "-4.57"), (1e-6, "1e-06"), (.infinity, "inf"), (99.96, "100"), (1e300, "1e+300"),
    ] as [(Double, String)])
  func compactNumbers(number: Double, text: String) { #expect(compact(number) == text) }

  @Test(
    "commas after every three digits",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (25_557_032, "25,557,032"), (-123_456, "-123,456"),
      (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func groups(number: Int, text: String) { #expect(grouped(number) == text) }

  @Test(
    "durations",
    arguments: [
      (85e-6, "85 µs"), (0.012, "12 ms"), (3.4, "3.4 s"), (125, "2:05 min"), (3725, "1:02:05 h"),
      (0.000_999_7, "1 ms"),
      (0.9996, "1 s"), (59.97, "1:00 min"), (3599.7, "1:00:00 h"), (0, "0 µs"),
    ] as [(Double, String)])
  func durations(seconds: Double, text: String) { #expect(durationText(seconds) == text) }

  @Test("the bar says how far, how fast and how long still")
  func bar() {
    let bar = ProgressBar("epoch 3", total: 200, unit: "batches")
    let empty = String(repeating: "░", count: 24)
    let half = String(repeating: "█", count: 12) + String(repeating: "░", count: 12)
    let full = String(repeating: "█", count: 24)
    #expect(bar.line(0, seconds: 5, note: "") == "epoch 3 \(empty) 0/200 batches, 0/s, ? left  ")
    #expect(
      bar.line(100, seconds: 50, note: "loss 0.5")
        == "epoch 3 \(half) 100/200 batches, 2/s, 0:50 left  loss 0.5")
    #expect(bar.line(250, seconds: 50, note: "") == "epoch 3 \(full) 250/200 batches, 5/s, 0:00 left  ")
  }

  @Test("a stopwatch counts seconds and never runs backwards")
  func stopwatch() {
    let watch = Stopwatch()
    let first = watch.seconds
    usleep(20_000)
    let second = watch.seconds
    #expect(first >= 0 && second - first >= 0.02 && second < 60)
  }

  @Test("an error is one sentence, its exit code the command line's fault or not")
  func labError() {
    let error = LabError(.data, "iris.csv ends in line 3", remedy: "copy the file again")
    #expect("\(error)" == "iris.csv ends in line 3; copy the file again.")
    let codes: [(LabError.Kind, Int32)] = [
      (.usage, 2), (.config, 2), (.device, 2), (.data, 1), (.model, 1), (.checkpoint, 1), (.training, 1),
      (.plotting, 1), (.tracking, 1),
    ]
    for (kind, code) in codes { #expect(LabError(kind, "a", remedy: "b").exitCode == code) }
  }

  @Test("the narrative goes on in a log that is there already")
  func log() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("earlier\n".utf8).write(to: url)
    let logger = Narrative.begin(level: .critical)
    try Narrative.keep(in: url)
    logger.debug("resumed")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2 && lines.first == "earlier" && lines.last?.hasSuffix("debug resumed") == true)
    #expect(throws: LabError.self) { try Narrative.keep(in: URL(fileURLWithPath: "/nowhere/log.txt")) }
  }
}
