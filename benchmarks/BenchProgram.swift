import ArgumentParser
import Engine
import Foundation
import Kernels
import Ladder
import Utils

/// Times training steps; first makes sure that they compute the right thing.
struct BenchProgram: ParsableArguments {
  @Option(
    name: .customLong("case"), help: ArgumentHelp("Only these cases, separated by commas.", valueName: "name")
  )
  var cases: String?
  @Option(
    help: ArgumentHelp(
      "Time single operations instead: names separated by commas, or all.", valueName: "name"))
  var op: String?
  @Option(help: ArgumentHelp("Threads that one operation may use.", valueName: "n"))
  var threads = 1
  @Option(help: ArgumentHelp("How long to time each case.", valueName: "s"))
  var seconds = 2.0
  @Option(help: ArgumentHelp("Write the measurements as an array of JSON objects.", valueName: "file"))
  var json: String?
  @Flag(help: "List the cases and stop.")
  var list = false
  @Option(
    help: ArgumentHelp("Show measurements of an earlier --json beside the new ones.", valueName: "file"))
  var compare: String?
  @Option(help: ArgumentHelp("Time PyTorch in turn with ours, through this Python.", valueName: "python"))
  var peer: String?
  @Flag(help: "Print where the time of the first case goes, operation by operation, and stop.")
  var profile = false
  @Option(
    help: ArgumentHelp(
      "Time a kernel from its formula to the library, and stop: \(Ladder.names.joined(separator: " or ")).",
      valueName: "kernel"))
  var ladder: String?
  @Flag(help: "Measure what recording a run in every way costs of a LeNet-5 epoch, and stop.")
  var tracking = false
  @Flag(help: "Print a hash of the results of many operations, to see which depend on --threads, and stop.")
  var fingerprints = false
  @Flag(help: .hidden)
  var child = false
  @Flag(help: .hidden)
  var losses = false

  /// Runs with `arguments` and gives the exit code.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      try parse(arguments).run()
      return 0
    } catch let error as LabError {
      Terminal.writeError("error: \(error)\n")
      return error.exitCode
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        print(fullMessage(for: error))
      } else {
        Terminal.writeError(fullMessage(for: error) + "\n")
      }
      return code == .validationFailure ? 2 : code.rawValue
    }
  }

  private func run() throws {
    guard (1...1024).contains(threads) else {
      throw LabError(.usage, "--threads is \(threads)", remedy: "give a number from 1 to 1024")
    }
    guard (0.01...3600).contains(seconds) else {
      throw LabError(.usage, "--seconds is \(seconds)", remedy: "give a number from 0.01 to 3600")
    }
    if let op { return try timeOps(op) }
    let chosen =
      try cases.map { try $0.split(separator: ",").map { try BenchCase.named(String($0)) } } ?? BenchCase.all
    if list { return print(chosen.map(\.name).joined(separator: "\n")) }
    KernelLibrary.limitThreads(to: threads)
    if let ladder { return try climb(Ladder.named(ladder, threads: threads)) }
    if tracking { return try TrackingCost.printTable(seconds: seconds) }
    if fingerprints { return Fingerprints.printAll() }
    if profile { return try printProfile(chosen[0]) }
    if losses { return print(firstLosses(chosen[0]).map { "\($0)" }.joined(separator: " ")) }
    if child { return print(Measurement(chosen[0], threads: threads, seconds: seconds).json.text()) }
    try timeAll(chosen)
  }

  private func climb(_ ladder: Ladder) throws {
    let peak = max(Measurement.peak(), Measurement.peak(), Measurement.peak())
    print("\(ladder.title), \(inWords(threads)), measured peak \(compact(peak)) GFLOP/s")
    try ladder.climb(peak: peak) { print($0) }
  }

  private func inWords(_ threads: Int) -> String { "\(threads) thread\(threads == 1 ? "" : "s")" }

  private func timeOps(_ names: String) throws {
    KernelLibrary.limitThreads(to: threads)
    if child, let op = OpCase.all.first(where: { $0.label == names }) {
      return print(OpTable.child(op, seconds: seconds))
    }
    let ops = try OpCase.named(names)
    if list { return print(ops.map(\.label).joined(separator: "\n")) }
    try OpTable.run(ops, threads: threads, seconds: seconds)
  }

  private func printProfile(_ bench: BenchCase) throws {
    var random = RandomStream(seed: 1, purpose: bench.name)
    let step = bench.prepare(&random)
    let profiler = Profiler(nil, tracedSteps: 0)
    let (clock, most) = (Stopwatch(), 100_000)
    for number in 1...most where number <= 5 || clock.seconds < seconds {
      _ = try profiler.watch(StepPosition(epoch: 1, step: number, batch: number, batchCount: most)) { step() }
    }
    print("\(bench.name), \(inWords(threads)): " + profiler.report(MachinePeak.measured()))
  }

  private func timeAll(_ chosen: [BenchCase]) throws {
    let earlier = try compare.map(Measurement.read) ?? []
    let peak = Measurement.peak()
    print("\(inWords(threads)), measured peak \(compact(peak)) GFLOP/s")
    print(row(["CASE", "BATCH", "MEDIAN", "FASTEST", "SAMPLES/S", "GFLOP/S", "OF PEAK", "MEMORY", other]))
    var measurements: [Measurement] = []
    for bench in chosen {
      try checkAgreement(bench)
      let ours = try measured(bench)
      measurements.append(ours)
      let beside = try peer.map { try peerRatio($0, bench, ours) } ?? earlierRatio(earlier, ours)
      print(
        row([
          ours.name, "\(ours.batch)", "\(compact(ours.median)) ms", "\(compact(ours.fastest)) ms",
          compact(ours.samplesPerSecond), compact(ours.gigaflops),
          "\(compact(100 * ours.gigaflops / peak)) %",
          "\(Int(ours.peakMemory)) MB", beside,
        ]))
    }
    if let json {
      let text = JSONValue.array(measurements.map(\.json)).text(pretty: true) + "\n"
      try AtomicFile.write(text, to: URL(filePath: json), kind: .usage)
    }
  }

  private var other: String { peer != nil ? "PYTORCH / OURS" : compare != nil ? "EARLIER / NOW" : "" }

  private func row(_ cells: [String]) -> String {
    zip(cells, [20, 6, 12, 12, 11, 9, 8, 8, 0]).map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.count, 1))
    }.joined()
  }

  private func earlierRatio(_ earlier: [Measurement], _ ours: Measurement) -> String {
    guard compare != nil else { return "" }
    guard let before = earlier.first(where: { $0.name == ours.name && $0.threads == ours.threads }) else {
      return "-"
    }
    return "\(compact(before.median / ours.median)) (\(compact(before.median)) ms)"
  }

  /// The first losses on the fast kernels and on the reference ones are the same, or the time is worth nothing.
  ///
  /// After an update they may differ by a tenth of what it has changed: batch norm over few values makes of a
  /// rounding in the sixth place one in the second.
  private func checkAgreement(_ bench: BenchCase) throws {
    let fast = try output(["--case", bench.name, "--losses"], kernels: "fast")
    let reference = try output(["--case", bench.name, "--losses"], kernels: "reference")
    let (found, expected) = (numbers(fast), numbers(reference))
    guard let first = expected.first, found.count == expected.count,
      zip(found, expected).allSatisfy({ abs($0 - $1) <= 1e-4 * (1 + abs($1)) + abs($1 - first) / 10 })
    else {
      throw LabError(
        .training, "\(bench.name): the fast kernels give losses \(fast), the reference \(reference)",
        remedy: "find the kernel that differs with swift test --filter Kernels")
    }
  }

  private func numbers(_ text: String) -> [Double] { text.split(separator: " ").map { Double($0) ?? .nan } }

  private func firstLosses(_ bench: BenchCase) -> [Float] {
    var random = RandomStream(seed: 1, purpose: bench.name)
    let step = (bench.check ?? bench.prepare)(&random)
    return (0..<(bench.check == nil ? 3 : 2)).map { _ in step() }
  }

  /// Each case in a process of its own: memory and caches of one do not help another.
  private func measured(_ bench: BenchCase) throws -> Measurement {
    let text = try output(
      ["--case", bench.name, "--child", "--threads", "\(threads)", "--seconds", "\(seconds)"], kernels: "fast"
    )
    guard let value = try? JSONValue(parsing: text), let measurement = Measurement(json: value) else {
      throw LabError(
        .training, "timing \(bench.name) gave \(text.quoted)",
        remedy: "run it alone with --case \(bench.name)")
    }
    return measurement
  }

  private func output(_ arguments: [String], kernels: String) throws -> String {
    try Child.output(
      of: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path, arguments,
      environment: ["KERNELS": kernels])
  }

  /// PyTorch's time over ours, the peer run right after ours.
  private func peerRatio(_ python: String, _ bench: BenchCase, _ ours: Measurement) throws -> String {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers/peers_torch.py")
    let text = try Child.output(
      of: python,
      [
        script.path, "--case", bench.name, "--threads", "\(threads)", "--mode", "eager", "--seconds",
        "\(seconds)",
      ])
    guard let line = text.split(separator: "\n").last,
      let ms = try? JSONValue(parsing: String(line))["ms"]?.double
    else {
      throw LabError(
        .usage, "the peer said \(text.suffix(200))",
        remedy: "try \(python) \(script.path) --case \(bench.name)")
    }
    return "\(compact(ms / ours.median)) (\(compact(ms)) ms)"
  }
}
