import Backbones
import Engine
import Foundation
import Tracking
import Utils

/// What it costs to record a run in every way at once: files, the experiment database, Weights & Biases and TensorBoard.
///
/// The trackers hear what a training of LeNet-5 on 60,000 images tells them in an epoch of 938 steps: twenty steps, the
/// epoch, and how its weights and gradients are spread. In between the process sleeps as long as the training would
/// compute, so all of its processor time, other threads' too, is the records'.
struct TrackingCost {
  private static let steps = 938, tellings = 20
  private let trackers: [any Tracker]
  private let spread: [(name: String, values: [Float])]
  /// Seconds of a training step.
  private let step: Double
  private var epoch = 0

  /// Measures for about a minute and prints a table.
  static func printTable(seconds: Double) throws {
    let step = Measurement(.lenet5, threads: 1, seconds: seconds).median / 1000
    let root = FileManager.default.temporaryDirectory.appending(path: "tracking-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    var cost = try TrackingCost(in: root, step: step)
    let training = step * Double(Self.steps)
    print("LeNet-5, one thread: \(compact(step * 1000)) ms a step, \(compact(training)) s an epoch\n")
    print("EPOCHS BEFORE  TELLING, MS AN EPOCH  ALL THREADS, MS AN EPOCH  OF THE EPOCH")
    for more in [0, 1000] {
      for _ in 0..<more { try cost.tellEpoch() }
      sleep(5)  // what was told in a burst is written
      let before = cost.epoch
      let (telling, working) = try cost.paced(epochs: 5)
      let cells = [
        "\(before)", compact(telling * 1000), compact(working * 1000),
        compact(100 * working / training) + " %",
      ]
      print(
        zip(cells, [15, 22, 26, 0]).map {
          $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0)
        }.joined())
    }
    try cost.end()
  }

  private init(in root: URL, step: Double) throws {
    self.step = step
    var random = RandomStream(seed: 1)
    let folder = try RunFolder.create(under: root, experiment: "mnist")
    trackers = [
      FileTracker(), DatabaseTracker(try ExperimentDatabase(root.appending(path: "experiments.sqlite"))),
      WandBTracker(WandBSettings()), TensorBoardTracker(),
    ]
    spread = ["weights", "gradients"].flatMap { kind in
      LeNet(using: &random).parameters().map { ("\(kind)/\($0.name)", $0.parameter.value.elements) }
    }
    let run = RunDescription(
      id: folder.id, model: "05_lenet5", architecture: "LeNet", experiment: "mnist", dataset: "mnist",
      seed: 1,
      command: ["bench"], machine: MachineFacts.read())
    for tracker in trackers { try tracker.runStarts(run, in: folder) }
  }

  /// Seconds of an epoch: of the training's own thread while it tells, and of all threads for the records.
  private mutating func paced(epochs: Int) throws -> (telling: Double, working: Double) {
    let pause = step * Double(Self.steps / Self.tellings)
    let before = processorSeconds()
    var telling = 0.0
    for _ in 0..<epochs { telling += try tellEpoch { usleep(UInt32(pause * 1e6)) } }
    return (telling / Double(epochs), (processorSeconds() - before) / Double(epochs))
  }

  /// What trackers hear in an epoch; gives the seconds that they took.
  @discardableResult
  private mutating func tellEpoch(between: () -> Void = {}) throws -> Double {
    epoch += 1
    var seconds = 0.0
    for telling in 1...Self.tellings {
      between()
      seconds += try log(["step_loss", "step_accuracy"], at: (epoch - 1) * Self.steps + telling * 46)
    }
    let clock = Stopwatch()
    let histograms = spread.map { Histogram($0.name, of: $0.values.span) }
    for tracker in trackers where tracker.takesHistograms {
      try tracker.histograms(histograms, step: epoch * Self.steps, epoch: epoch)
    }
    return seconds + clock.seconds
      + (try log(
        ["train_loss", "train_accuracy", "test_loss", "test_accuracy", "epoch_seconds"],
        at: epoch * Self.steps))
  }

  private func log(_ names: [String], at step: Int) throws -> Double {
    let clock = Stopwatch()
    let metrics = names.map { ($0, 1 / Double(step)) }
    for tracker in trackers { try tracker.log(metrics, step: step, epoch: epoch) }
    return clock.seconds
  }

  private func end() throws {
    for tracker in trackers {
      try tracker.runEnds(RunOutcome(status: .finished, exitCode: 0, reason: nil, seconds: 1))
    }
  }
}

/// The processor time of all threads of this process so far.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
