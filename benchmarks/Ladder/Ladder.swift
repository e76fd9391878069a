import Kernels
import Utils

/// A kernel from its formula to the library: versions of the same work, each a step faster for one reason.
public struct Ladder: Sendable {
  /// What can be climbed.
  public static let names = ["matmul", "convolution"]

  /// What is computed, with its sizes: a linear layer of 256 samples, a convolution inside of a small network.
  public let title: String
  let operations: Int
  let rungs: [Rung]

  struct Rung: Sendable {
    let name, why: String
    let threads: Int
    /// Computes the result once.
    let run: @Sendable () -> [Float]
    /// The result in the order in which the reference gives it.
    let rowMajor: @Sendable ([Float]) -> [Float]
  }

  /// The ladder that is called `name`; the rungs that can use `threads` threads.
  public static func named(_ name: String, threads: Int) throws -> Ladder {
    switch name {
    case "matmul": return matmul(MatmulShape(m: 256, n: 1024, k: 1024), threads: threads)
    case "convolution":
      let three = Extent([3, 3], missing: 1)
      return convolution(
        ConvolutionShape(
          batch: 4, inputChannels: 64, outputChannels: 64, input: Extent([56, 56], missing: 1), kernel: three,
          stride: Extent([1, 1], missing: 1), padding: Extent([1, 1], missing: 0),
          dilation: Extent([1, 1], missing: 1)), threads: threads)
    default:
      let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .usage, "--ladder \(name) is not known",
        remedy: near + "the ladders are \(names.joined(separator: ", "))")
    }
  }

  /// Checks each rung against the reference, times it, and gives its row to `show`.
  ///
  /// - Parameters:
  ///   - peak: what the machine reaches, in GFLOP/s.
  ///   - seconds: how long each rung is timed; the fastest run counts.
  public func climb(peak: Double, seconds: Double = 0.5, show: (String) -> Void) throws {
    show(Self.row(["RUNG", "TIME", "GFLOP/S", "FASTER", "OF PEAK", "WHY"]))
    let expected = rungs[1].run()
    var before: Double?
    for rung in rungs {
      KernelLibrary.limitThreads(to: rung.threads)
      let time = try rung.fastest(within: seconds, against: expected)
      let rate = Double(operations) / time / 1e9
      show(
        Self.row([
          rung.name, "\(compact(time * 1000)) ms", compact(rate),
          before.map { "\(compact($0 / time)) x" } ?? "",
          "\(compact(100 * rate / peak)) %", rung.why,
        ]))
      before = time
    }
  }

  private static func row(_ cells: [String]) -> String {
    zip(cells, [14, 10, 9, 8, 9, 0]).map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.count, width == 0 ? 0 : 1))
    }.joined()
  }
}

extension Ladder.Rung {
  /// Throws where a number differs from the reference.
  func check(_ result: [Float], against expected: [Float]) throws {
    let found = rowMajor(result)
    let wrong = zip(found, expected).enumerated().first { !(abs($1.0 - $1.1) <= 1e-4 * max(1, abs($1.1))) }
    guard let wrong else { return }
    throw LabError(
      .training, "rung \(name) gives \(wrong.element.0) at \(wrong.offset), the reference \(wrong.element.1)",
      remedy: "find the mistake with swift test --filter LadderTests")
  }

  /// The least time of a run in seconds; the result of the first run is checked before any other.
  func fastest(within seconds: Double, against expected: [Float]) throws -> Double {
    let clock = Stopwatch()
    let result = run()
    var best = clock.seconds
    try check(result, against: expected)
    while clock.seconds < seconds {
      let one = Stopwatch()
      _ = run()
      best = min(best, one.seconds)
    }
    return best
  }
}

extension Ladder {
  /// The matrix product; what the reference computes is the second rung.
  static func matmul(_ shape: MatmulShape, threads: Int) -> Ladder {
    var random = RandomStream(seed: 1, purpose: "ladder")
    // so large that the products are of size 1, whatever the number of terms
    let a = numbers(shape.m * shape.k, scale: 1 / Float(shape.k).squareRoot(), using: &random)
    let b = numbers(shape.k * shape.n, scale: 1, using: &random)
    return Ladder(
      title: "C[\(shape.m),\(shape.n)] = A[\(shape.m),\(shape.k)] B[\(shape.k),\(shape.n)]",
      operations: shape.operations,
      rungs: MatmulRung.all(threads: threads).map { rung in
        Rung(
          name: rung.name, why: rung.why, threads: rung.threads,
          run: { written(shape.m * shape.n) { rung.multiply(a.span, b.span, &$0, shape) } }, rowMajor: { $0 })
      })
  }

  /// The convolution; what the reference computes is the second rung.
  static func convolution(_ shape: ConvolutionShape, threads: Int) -> Ladder {
    require(shape.groups == 1 && shape.dilation.volume == 1 && shape.kernel.depth == 1)
    var random = RandomStream(seed: 1, purpose: "ladder")
    let terms = shape.inputChannels * shape.kernel.volume
    let x = numbers(shape.inputCount, scale: 1, using: &random)
    let w = numbers(shape.weightCount, scale: 1 / Float(terms).squareRoot(), using: &random)
    let lastX = transposed(x, shape.batch, rows: shape.inputChannels, columns: shape.input.volume)
    return Ladder(
      title:
        "\(shape.batch) images of \(shape.inputChannels) x \(shape.input.height) x \(shape.input.width), "
        + "\(shape.outputChannels) kernels of \(shape.kernel.height) x \(shape.kernel.width)",
      operations: shape.operations,
      rungs: ConvolutionRung.all(threads: threads).map { rung in
        let isLast = rung.order == .channelsLast
        return Rung(
          name: rung.name, why: rung.why, threads: rung.threads,
          run: {
            written(shape.outputCount) { rung.convolve(isLast ? lastX.span : x.span, w.span, &$0, shape) }
          },
          rowMajor: {
            isLast
              ? transposed($0, shape.batch, rows: shape.output.volume, columns: shape.outputChannels) : $0
          })
      })
  }

  private static func numbers(_ count: Int, scale: Float, using random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in scale * Float(random.normal()) }
  }

  /// Matrices with rows and columns exchanged.
  static func transposed(_ x: [Float], _ batch: Int, rows: Int, columns: Int) -> [Float] {
    written(x.count) {
      ReferenceKernels().transpose(x.span, into: &$0, batch: batch, rows: rows, columns: columns)
    }
  }

  /// What `body` writes into `count` numbers, which are NaN before: whatever it leaves out is seen.
  static func written(_ count: Int, _ body: (inout MutableSpan<Float>) -> Void) -> [Float] {
    var numbers = [Float](repeating: .nan, count: count)
    var span = numbers.mutableSpan
    body(&span)
    return numbers
  }
}
