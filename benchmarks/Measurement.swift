import Engine
import Foundation
import Kernels
import Utils

/// What timing one case gave: a row of the table, an object of the JSON file.
struct Measurement: Sendable {
  let name: String
  let threads, batch: Int
  /// Median and least wall-clock time of a step, in milliseconds.
  let median, fastest: Double
  let samplesPerSecond, gigaflops: Double
  /// The most memory that the process held, in megabytes of a million bytes.
  let peakMemory: Double

  /// Runs `bench` for about `seconds`, after a warm-up of a fifth of that.
  init(_ bench: BenchCase, threads: Int, seconds: Double) {
    var random = RandomStream(seed: 1, purpose: bench.name)
    let step = bench.prepare(&random)
    let warmUp = Stopwatch()
    repeat { _ = step() } while warmUp.seconds < seconds / 5
    var times: [Double] = []
    let clock = Stopwatch()
    repeat {
      let one = Stopwatch()
      _ = step()
      times.append(one.seconds)
    } while clock.seconds < seconds || times.count < 5
    times.sort()
    name = bench.name
    self.threads = threads
    batch = bench.batch
    median = times[times.count / 2] * 1000
    fastest = times[0] * 1000
    samplesPerSecond = Double(batch) / (median / 1000)
    gigaflops = bench.operations / (median / 1000) / 1e9
    peakMemory = Double(MachineFacts.peakMemory()) / 1e6
  }

  /// The object that the JSON file keeps.
  var json: JSONValue {
    [
      "case": .string(name), "threads": .integer(Int64(threads)), "batch": .integer(Int64(batch)),
      "ms": .number(median),
      "ms_min": .number(fastest), "samples_s": .number(samplesPerSecond), "gflops": .number(gigaflops),
      "rss_mb": .number(peakMemory),
    ]
  }

  /// Reads what `json` wrote; nil where it is something else.
  init?(json: JSONValue) {
    guard let name = json["case"]?.string, let threads = json["threads"]?.int, let batch = json["batch"]?.int,
      let median = json["ms"]?.double, let fastest = json["ms_min"]?.double,
      let samples = json["samples_s"]?.double, let gigaflops = json["gflops"]?.double,
      let memory = json["rss_mb"]?.double
    else { return nil }
    (self.name, self.threads, self.batch) = (name, threads, batch)
    (self.median, self.fastest, samplesPerSecond) = (median, fastest, samples)
    (self.gigaflops, peakMemory) = (gigaflops, memory)
  }

  /// Reads a file of measurements.
  static func read(_ path: String) throws -> [Measurement] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw LabError(.usage, "\(path) cannot be read", remedy: "give a file that bench --json has written")
    }
    guard let rows = (try? JSONValue(parsing: Array(bytes)))?.array?.map(Measurement.init(json:)),
      !rows.contains(where: { $0 == nil })
    else {
      throw LabError(.usage, "\(path) is no file of measurements", remedy: "write one with bench --json FILE")
    }
    return rows.compactMap { $0 }
  }

  /// The machine's own ceiling in GFLOP/s, for the threads that may be used now.
  static func peak() -> Double { MachinePeak.measured().gigaflops }
}
