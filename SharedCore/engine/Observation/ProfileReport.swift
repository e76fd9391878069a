import Utils

/// The highest rates that this machine reaches, measured now.
public struct MachinePeak: Sendable {
  /// Billions of floating-point operations a second, by a product of 1024 x 1024 matrices.
  public let gigaflops: Double
  /// Billions of bytes a second, by a sum of two long vectors.
  public let gigabytes: Double

  init(gigaflops: Double, gigabytes: Double) {
    self.gigaflops = gigaflops
    self.gigabytes = gigabytes
  }

  /// Measures for half a second.
  public static func measured() -> MachinePeak {
    let (a, x) = (
      Tensor(repeating: 0.5, shape: [1024, 1024]), Tensor(repeating: 0.5, shape: [1 << 23])
    )
    return MachinePeak(
      gigaflops: 2 * 1024 * 1024 * 1024 / fastest { _ = matmul(a, a) } / 1e9,
      gigabytes: 12 * Double(x.count) / fastest { _ = x + x } / 1e9)
  }

  private static func fastest(_ work: () -> Void) -> Double {
    var best = Double.infinity
    let clock = Stopwatch()
    while clock.seconds < 0.25 {
      let one = Stopwatch()
      work()
      best = min(best, one.seconds)
    }
    return best
  }
}

extension Profiler {
  /// Time, memory and rates by operation and by layer, the longest first.
  public func report(_ peak: MachinePeak, rows limit: Int = 30) -> String {
    guard stepCount > 0 else {
      return
        "no step was measured: give it more than the two that warm up, with --epochs or a smaller batch_size"
    }
    let accounted = totals.values.reduce(0) { $0 + $1.seconds }
    let title =
      "a step takes \(milliseconds(stepSeconds)) ms (mean of \(stepCount)); \(percent(accounted)) of it is accounted "
      + "for; the process held \(MachineFacts.peakMemory() / 1_000_000) MB at the most; this machine reaches "
      + "\(compact(peak.gigaflops)) GFLOP/s and \(compact(peak.gigabytes)) GB/s"
    let operations = table("OPERATION", byOperation, peak, limit, withShapes: true)
    let layers = hasLayers ? [table("LAYER", byLayer, peak, limit, withShapes: false)] : []
    return ([title, operations] + layers).joined(separator: "\n\n")
  }

  /// A line of a table: what it is, its shapes, and the sums forwards and backwards.
  private struct Line {
    let name, shapes: String
    var phases: [ProfilePhase: ProfileTotal] = [:]

    var seconds: Double { phases.values.reduce(0) { $0 + $1.seconds } }

    var whole: ProfileTotal { phases.values.reduce(into: ProfileTotal()) { $0.add($1) } }
  }

  private var byOperation: [Line] {
    lines { ($0.operation.name, $0.operation.shapes) }
  }

  private var byLayer: [Line] {
    lines { ($0.phase == .update ? "update" : $0.layer, "") }
  }

  private func lines(_ name: (ProfileKey) -> (String, String)) -> [Line] {
    var lines: [String: Line] = [:]
    for (key, total) in totals {
      let (name, shapes) = name(key)
      lines["\(name) \(shapes)", default: Line(name: name, shapes: shapes)]
        .phases[key.phase, default: ProfileTotal()].add(total)
    }
    return lines.values.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
  }

  private func table(
    _ head: String, _ lines: [Line], _ peak: MachinePeak, _ limit: Int, withShapes: Bool
  ) -> String {
    var rows = [
      [head, "CALLS", "FORWARD", "BACKWARD", "SHARE", "MEMORY", "GFLOP/S", "OF PEAK", "GB/S", "OF PEAK"]
        + (withShapes ? ["SHAPES"] : [])
    ]
    for line in lines.prefix(limit) {
      let whole = line.whole
      let (flops, bytes) = (
        whole.cost.operations / max(whole.seconds, 1e-12) / 1e9,
        Double(whole.cost.traffic) / max(whole.seconds, 1e-12) / 1e9
      )
      let isUpdate = line.phases[.update] != nil
      rows.append(
        [
          line.name, "\(whole.calls / stepCount)",
          milliseconds(line.phases[.forward]?.seconds ?? line.phases[.update]?.seconds ?? 0) + " ms",
          milliseconds(line.phases[.backward]?.seconds ?? 0) + " ms", percent(whole.seconds),
          compact(Double(whole.cost.memory) / Double(stepCount) / 1e6) + " MB",
          isUpdate ? "" : compact(flops), isUpdate ? "" : share(flops, peak.gigaflops),
          isUpdate ? "" : compact(bytes), isUpdate ? "" : share(bytes, peak.gigabytes),
        ] + (withShapes ? [line.shapes] : []))
    }
    let hidden = lines.dropFirst(limit).reduce(0) { $0 + $1.seconds }
    if lines.count > limit {
      rows.append(["\(lines.count - limit) more", "", milliseconds(hidden) + " ms", "", percent(hidden)])
    }
    let outside = stepSeconds - totals.values.reduce(0) { $0 + $1.seconds }
    rows.append(["outside the ops", "", milliseconds(outside) + " ms", "", percent(outside)])
    return aligned(rows)
  }

  private func milliseconds(_ seconds: Double) -> String { compact(seconds / Double(stepCount) * 1000) }

  private func percent(_ seconds: Double) -> String { share(seconds, stepSeconds) }

  private func share(_ part: Double, _ whole: Double) -> String {
    "\((1000 * part / max(whole, 1e-12)).rounded() / 10) %"
  }

  /// The traced steps for a viewer of Chrome traces, such as Perfetto.
  public var trace: JSONValue {
    func event(
      _ name: String, _ phase: String, _ start: Double, _ seconds: Double, _ facts: [String: JSONValue]
    )
      -> JSONValue
    {
      [
        "name": .string(name), "cat": .string(phase), "ph": "X", "ts": .number(start * 1e6),
        "dur": .number(seconds * 1e6), "pid": 1, "tid": 1, "args": .object(facts),
      ]
    }
    let whole = steps.map { event("step \($0.number)", "step", $0.start, $0.seconds, [:]) }
    let parts = samples.map { sample in
      event(
        sample.operation.name, sample.phase.rawValue, sample.start, sample.seconds,
        [
          "layer": .string(sample.layer), "shapes": .string(sample.operation.shapes),
          "gflops": .number(sample.cost.operations / max(sample.seconds, 1e-12) / 1e9),
          "result_bytes": .integer(Int64(sample.cost.memory)),
        ])
    }
    return ["traceEvents": .array(whole + parts), "displayTimeUnit": "ms"]
  }
}
