import Foundation
import Utils

/// Local response normalisation where a place's channels lie side by side; otherwise the loops to read.
///
/// A power is taken once a number, and the usual one, 3/4, is two square roots.
extension FastKernels {
  /// One pass; the places are shared out between threads.
  public func localResponseNorm(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, divisors s: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape
  ) {
    guard shape.space == 1 else {
      return ReferenceKernels().localResponseNorm(x, into: &y, divisors: &s, norm, shape)
    }
    let (channels, count) = (shape.channels, shape.batch * shape.channels)
    require(x.count >= count && y.count >= count && s.count >= count)
    guard let x = x.address, let y = y.address, let s = s.address else { return }  // no numbers
    let memory = Unchecked((x: x, y: y, s: s))
    inParallel(shape.batch, inPartsOf: 256, work: count) { places in
      for start in stride(from: places.lowerBound * channels, to: places.upperBound * channels, by: channels)
      {
        let (x, y, s) = (memory.value.x + start, memory.value.y + start, memory.value.s + start)
        for c in 0..<channels {
          var sum: Float = 0
          for other in norm.neighbours(of: c, channels: channels) { sum += x[other] * x[other] }
          s[c] = norm.k + norm.alpha / Float(norm.size) * sum
        }
        for c in 0..<channels { y[c] = x[c] * norm.power(s[c]) }
      }
    }
  }

  /// One pass, with g x s^(-beta-1) of a place's channels kept for those that see them.
  public func localResponseNormGradient(
    _ g: Span<Float>, x: Span<Float>, divisors s: Span<Float>, into dx: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape
  ) {
    guard shape.space == 1 else {
      return ReferenceKernels().localResponseNormGradient(g, x: x, divisors: s, into: &dx, norm, shape)
    }
    let (channels, count) = (shape.channels, shape.batch * shape.channels)
    require(x.count >= count && g.count >= count && s.count >= count && dx.count >= count)
    let factor = 2 * norm.alpha * norm.beta / Float(norm.size)
    guard let g = g.address, let x = x.address, let s = s.address, let dx = dx.address else { return }
    let memory = Unchecked((g: g, x: x, s: s, dx: dx))
    inParallel(shape.batch, inPartsOf: 256, work: count) { places in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: channels) { seen in
        for start in stride(
          from: places.lowerBound * channels, to: places.upperBound * channels, by: channels)
        {
          let (g, x) = (memory.value.g + start, memory.value.x + start)
          let (s, dx) = (memory.value.s + start, memory.value.dx + start)
          for c in 0..<channels {
            dx[c] = g[c] * norm.power(s[c])
            seen[c] = dx[c] * x[c] / s[c]
          }
          for c in 0..<channels {
            var sum: Float = 0
            for other in norm.observers(of: c, channels: channels) { sum += seen[other] }
            dx[c] -= factor * x[c] * sum
          }
        }
      }
    }
  }
}

extension LocalResponse {
  /// s^-beta.
  @inline(__always) fileprivate func power(_ s: Float) -> Float {
    beta == 0.75 ? 1 / (s.squareRoot() * s.squareRoot().squareRoot()) : pow(s, -beta)
  }
}

/// Runs body for ranges of `size` that make up 0 ..< count, shared out between the threads that may be used.
private func inParallel(
  _ count: Int, inPartsOf size: Int, work: Int, _ body: @Sendable (Range<Int>) -> Void
) {
  inParallel((count + size - 1) / size, work: work) { body($0 * size..<min(($0 + 1) * size, count)) }
}
