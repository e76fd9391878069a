import Foundation
import Kernels
import Utils

/// A version of the convolution of images, for one group and without dilation.
///
/// Letters: C input channels, O output channels, S places of the output, K taps of the kernel.
struct ConvolutionRung: Sendable {
  /// Computes y whole, x and y in the rung's order of memory, w as [O, C, K].
  typealias Convolve =
    @Sendable (
      _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
    ) -> Void

  let name: String
  /// One sentence: what is new here, and why it is faster.
  let why: String
  var order = MemoryOrder.rowMajor
  /// How many threads it uses.
  var threads = 1
  let convolve: Convolve

  /// From the formula to the library; what uses threads uses `threads`.
  static func all(threads: Int) -> [ConvolutionRung] {
    let shared = ConvolutionRung(
      name: "threads", why: "each thread computes some of the images", order: .channelsLast, threads: threads,
      convolve: { inThreads(threads, $0, $1, &$2, $3) })
    let library = ConvolutionRung(
      name: "library", why: "oneDNN: no copy at all, the inputs are read where they lie",
      order: .channelsLast, threads: threads,
      convolve: { x, w, y, shape in
        FastKernels().convolution(x, w, bias: Span(), into: &y, shape, keeping: nil)
      })
    return onOneThread + (threads > 1 ? [shared] : []) + [library]
  }

  private static let onOneThread = [
    ConvolutionRung(
      name: "sums", why: "the formula; every product asks whether it lies in the padding", convolve: sums),
    ConvolutionRung(
      name: "runs", why: "the reference kernel: one weight times a run of neighbours, the padding left out",
      convolve: { x, w, y, shape in
        ReferenceKernels().convolution(x, w, bias: Span(), into: &y, shape, keeping: nil)
      }),
    ConvolutionRung(
      name: "channels last", why: "the channels of a place are neighbours: vectors over them, no short runs",
      order: .channelsLast, convolve: channelsLast),
    ConvolutionRung(
      name: "unfolded", why: "a matrix product of a copy that holds each input once for every tap",
      convolve: unfolded),
    ConvolutionRung(
      name: "tiles",
      why: "only six places are unfolded at a time, and multiplied while they are in the cache",
      order: .channelsLast, convolve: tiles),
  ]

  /// y[o,p] = sum over c and k of w[o,c,k] x[c, p stride + k - padding], as it is written on the board.
  @Sendable static func sums(
    _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let (channels, taps, size) = (shape.inputChannels, shape.kernel.volume, shape.input.volume)
    for n in 0..<shape.batch {
      for o in 0..<shape.outputChannels {
        for p in 0..<shape.output.volume {
          var sum: Float = 0
          for c in 0..<channels {
            for k in 0..<taps {
              guard let place = shape.place(of: k, at: p) else { continue }
              sum += w[(o * channels + c) * taps + k] * x[(n * channels + c) * size + place]
            }
          }
          y[(n * shape.outputChannels + o) * shape.output.volume + p] = sum
        }
      }
    }
  }

  /// y[p,o] = sum over k and c of x[place,c] w[k,c,o]: a number of x times a vector of weights.
  ///
  /// The sums of a place are O neighbours, few enough for the first cache, and the compiler vectorises over them.
  @Sendable static func channelsLast(
    _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let (channels, outputs, taps) = (shape.inputChannels, shape.outputChannels, shape.kernel.volume)
    let weights = panels(of: w, width: outputs, shape)
    let ws = weights.span
    for i in 0..<shape.outputCount { y[unchecked: i] = 0 }
    for n in 0..<shape.batch {
      for p in 0..<shape.output.volume {
        let to = (n * shape.output.volume + p) * outputs
        for k in 0..<taps {
          guard let place = shape.place(of: k, at: p) else { continue }
          let from = (n * shape.input.volume + place) * channels
          for c in 0..<channels {
            let (value, row) = (x[unchecked: from &+ c], (k &* channels &+ c) &* outputs)
            for o in 0..<outputs { y[unchecked: to &+ o] += value * ws[unchecked: row &+ o] }
          }
        }
      }
    }
  }

  /// Y [O, S] = W [O, C K] X [C K, S] for each image (Chellapilla, Puri, Simard 2006).
  @Sendable static func unfolded(
    _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let (channels, taps, places) = (shape.inputChannels, shape.kernel.volume, shape.output.volume)
    let product = MatmulShape(m: shape.outputChannels, n: places, k: channels * taps)
    var columns = [Float](repeating: 0, count: product.k * places)
    for n in 0..<shape.batch {
      for k in 0..<taps {
        for p in 0..<places {
          // What lies in the padding is 0 from the start.
          guard let place = shape.place(of: k, at: p) else { continue }
          for c in 0..<channels {
            columns[(c &* taps &+ k) &* places &+ p] =
              x[unchecked: (n &* channels &+ c) &* shape.input.volume &+ place]
          }
        }
      }
      var image = y._mutatingExtracting(n * product.m * places..<(n + 1) * product.m * places)
      FastKernels().matmul(w, columns.span, bias: Span(), into: &image, product)
    }
  }

  /// Six places by sixteen output channels at a time, with the tile of the matrix product.
  ///
  /// The weights are packed once, [O / 16][K C][16]; a panel of places, [K C][6], is unfolded when its turn comes.
  @Sendable static func tiles(
    _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let tile = Tile.wide
    let (channels, outputs, taps) = (shape.inputChannels, shape.outputChannels, shape.kernel.volume)
    let terms = taps * channels
    let weights = panels(of: w, width: tile.columns, shape)
    var panel = [Float](repeating: 0, count: terms * tile.rows)
    var sums = [Float](repeating: 0, count: tile.rows * tile.columns)
    for n in 0..<shape.batch {
      for first in stride(from: 0, to: shape.output.volume, by: tile.rows) {
        let rows = min(tile.rows, shape.output.volume - first)
        for row in 0..<rows {
          for k in 0..<taps {
            let place = shape.place(of: k, at: first + row).map { (n * shape.input.volume + $0) * channels }
            for c in 0..<channels {
              panel[(k &* channels &+ c) &* tile.rows &+ row] = place.map { x[unchecked: $0 &+ c] } ?? 0
            }
          }
        }
        for o in stride(from: 0, to: outputs, by: tile.columns) {
          weights.withUnsafeBufferPointer { tile.multiply(panel, $0.baseAddress! + o * terms, terms, &sums) }
          for row in 0..<rows {
            let to = (n * shape.output.volume + first + row) * outputs + o
            for lane in 0..<min(tile.columns, outputs - o) { y[to + lane] = sums[row * tile.columns + lane] }
          }
        }
      }
    }
  }

  /// `tiles` on some of the images in each of `count` threads; each packs the weights for itself.
  static func inThreads(
    _ count: Int, _ x: Span<Float>, _ w: Span<Float>, _ y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let (inputs, outputs) = (
      shape.inputChannels * shape.input.volume, shape.outputChannels * shape.output.volume
    )
    x.withUnsafeBufferPointer { x in
      w.withUnsafeBufferPointer { w in
        y.withUnsafeMutableBufferPointer { y in
          nonisolated(unsafe) let (x, w, y) = (x, w, y)  // every thread writes images of its own
          DispatchQueue.concurrentPerform(iterations: count) { part in
            let images = shape.batch * part / count..<shape.batch * (part + 1) / count
            let mine = x[images.lowerBound * inputs..<images.upperBound * inputs]
            var result = UnsafeMutableBufferPointer(
              rebasing: y[images.lowerBound * outputs..<images.upperBound * outputs]
            ).mutableSpan
            tiles(UnsafeBufferPointer(rebasing: mine).span, w.span, &result, shape.with(batch: images.count))
          }
        }
      }
    }
  }

  /// The weights as [O / width][K C][width], 0 beyond the last output channel.
  private static func panels(of w: Span<Float>, width: Int, _ shape: ConvolutionShape) -> [Float] {
    let (channels, taps) = (shape.inputChannels, shape.kernel.volume)
    let count = (shape.outputChannels + width - 1) / width
    var panels = [Float](repeating: 0, count: count * taps * channels * width)
    for o in 0..<shape.outputChannels {
      for c in 0..<channels {
        for k in 0..<taps {
          panels[((o / width * taps + k) * channels + c) * width + o % width] =
            w[(o * channels + c) * taps + k]
        }
      }
    }
    return panels
  }
}

extension ConvolutionShape {
  /// The same of some of the images.
  func with(batch: Int) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, inputChannels: inputChannels, outputChannels: outputChannels, groups: groups,
      input: input,
      kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  /// The place of the input that tap `k` meets at output `p` of an image, nil in the padding.
  @inline(__always) func place(of k: Int, at p: Int) -> Int? {
    let y = p / output.width * stride.height + k / kernel.width - padding.height
    let x = p % output.width * stride.width + k % kernel.width - padding.width
    return 0..<input.height ~= y && 0..<input.width ~= x ? y * input.width + x : nil
  }
}
