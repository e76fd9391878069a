import Engine
import Foundation
import Kernels
import Utils

/// The table of single operations: `bench --op relu,adam`, `bench --op all`.
enum OpTable {
  /// What one process measured of an operation, in milliseconds, and what it computed.
  private struct Times {
    let forward: Double
    let backward: Double?
    let check: [Double]
  }

  /// Times every row of `ops` with the fast kernels and with the reference, each in a process of its own, and prints
  /// them.
  static func run(_ ops: [OpCase], threads: Int, seconds: Double) throws {
    let (arithmetic, memory) = (Measurement.peak(), memoryPeak())
    print(
      "\(threads) thread\(threads == 1 ? "" : "s"), measured peak \(compact(arithmetic)) GFLOP/s, "
        + "memory \(compact(memory)) GB/s")
    print(row(["OP", "SIZE", "FORWARD", "", "OF PEAK", "REFERENCE", "BACKWARD", "", "OF PEAK", "REFERENCE"]))
    for op in ops {
      let fast = try timed(op, "fast", threads, seconds)
      let reference = try timed(op, "reference", threads, seconds)
      try requireAgreement(op, fast, reference)
      let peak = op.work.unit == .bytes ? memory : arithmetic
      print(
        row(
          [op.name, op.size] + cells(fast.forward, reference.forward, op.work.forward, op, peak)
            + (fast.backward.map {
              cells($0, reference.backward ?? .nan, op.work.backward, op, peak)
            } ?? [])))
    }
  }

  /// What a child process prints of one operation: the times and the check, as JSON.
  static func child(_ op: OpCase, seconds: Double) -> String {
    var random = RandomStream(seed: 1, purpose: op.label)
    let pass = op.prepare(&random)
    // an update changes what it computes with each call: check it before the clock runs
    let check = ([pass.forward()] + (pass.both?() ?? [])).map { x in
      x.withSpan { x in
        var sum = 0.0
        for i in 0..<x.count { sum += Double(abs(x[i])) }
        return sum
      }
    }
    let forward = median(seconds) { _ = pass.forward() }
    let both = pass.both.map { both in median(seconds) { _ = both() } }
    let object: JSONValue = [
      "forward": .number(forward), "both": both.map(JSONValue.number) ?? .null,
      "check": .array(check.map(JSONValue.number)),
    ]
    return object.text()
  }

  private static func timed(_ op: OpCase, _ kernels: String, _ threads: Int, _ seconds: Double) throws
    -> Times
  {
    let text = try Child.output(
      of: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path,
      ["--op", op.label, "--child", "--threads", "\(threads)", "--seconds", "\(seconds / 4)"],
      environment: ["KERNELS": kernels])
    guard let value = try? JSONValue(parsing: text), let forward = value["forward"]?.double,
      let check = value["check"]?.array?.compactMap(\.double)
    else {
      throw LabError(.training, "timing \(op.label) gave \(text.quoted)", remedy: "run it alone")
    }
    // what is recorded takes the forward pass's time too
    let backward = value["both"]?.double.map { max($0 - forward, 0) }
    return Times(forward: forward, backward: backward, check: check)
  }

  private static func requireAgreement(_ op: OpCase, _ fast: Times, _ reference: Times) throws {
    let agree = zip(fast.check, reference.check).allSatisfy { abs($0 - $1) <= 1e-3 * (1 + abs($1)) }
    guard agree, fast.check.count == reference.check.count else {
      throw LabError(
        .training, "\(op.label): the fast kernels give \(fast.check), the reference \(reference.check)",
        remedy: "find the kernel that differs with swift test --filter Kernels")
    }
  }

  /// The median time of `body` in milliseconds, over about `seconds` and at least three calls.
  private static func median(_ seconds: Double, _ body: () -> Void) -> Double {
    body()
    var times: [Double] = []
    let clock = Stopwatch()
    repeat {
      let one = Stopwatch()
      body()
      times.append(one.seconds)
    } while clock.seconds < seconds || times.count < 3
    return times.sorted()[times.count / 2] * 1000
  }

  /// What memory gives a plain copy of 64 MB, in GB/s.
  private static func memoryPeak() -> Double {
    let x = Tensor(repeating: 1, shape: [1 << 24])
    var best = Double.infinity
    for _ in 0..<5 {
      let one = Stopwatch()
      _ = x.copied()
      best = min(best, one.seconds)
    }
    return 8 * Double(1 << 24) / best / 1e9
  }

  private static func cells(
    _ ms: Double, _ reference: Double, _ work: Double, _ op: OpCase, _ peak: Double
  ) -> [String] {
    guard ms > 0 else { return ["-", "-", "-", "-"] }  // nothing beside what the forward pass has done
    let rate = work / ms / 1e6
    return [
      "\(compact(ms)) ms", "\(compact(rate)) \(op.work.unit.rawValue)", "\(compact(100 * rate / peak)) %",
      "\(compact(reference / ms)) x",
    ]
  }

  private static func row(_ cells: [String]) -> String {
    zip(cells, [21, 26, 12, 15, 10, 12, 12, 15, 10, 0]).map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.count, 1))
    }.joined()
  }
}
