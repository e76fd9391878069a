import Testing
import Utils

@testable import Kernels

/// Numbers for a comparison of kernels, always the same.
struct Numbers {
  private var random = RandomStream(seed: 7, purpose: "kernels")

  /// `count` normally distributed numbers times `scale`.
  mutating func normal(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in scale * Float(random.normal()) }
  }

  /// `count` numbers of at least 0.1.
  mutating func positive(_ count: Int) -> [Float] { normal(count).map { abs($0) + 0.1 } }

  /// `count` classes below `classes`.
  mutating func classes(_ count: Int, below classes: Int) -> [Int32] {
    (0..<count).map { _ in Int32(random.index(below: classes)) }
  }
}

/// `a` and `b` are the same to `tolerance`, relative to the larger of 1 and the number; NaN and infinities in the same
/// places.
func expectEqual(
  _ a: [Float], _ b: [Float], _ what: String, tolerance: Float = 1e-5,
  at location: SourceLocation = #_sourceLocation
) {
  #expect(a.count == b.count, "\(what): \(a.count) numbers against \(b.count)", sourceLocation: location)
  let wrong = zip(a, b).enumerated().first { _, pair in
    let (x, y) = pair
    if x.isNaN || y.isNaN { return x.isNaN != y.isNaN }
    if x.isInfinite || y.isInfinite { return x != y }
    return abs(x - y) > tolerance * max(1, abs(y))
  }
  let place = wrong.map { "\(what): \($0.element.0) against \($0.element.1) at \($0.offset)" } ?? ""
  #expect(wrong == nil, "\(place)", sourceLocation: location)
}

/// What `body` writes into `count` numbers, which are NaN before: whatever it leaves out is seen.
func written(_ count: Int, _ body: (inout MutableSpan<Float>) -> Void) -> [Float] {
  var numbers = [Float](repeating: .nan, count: count)
  var span = numbers.mutableSpan
  body(&span)
  return numbers
}

let fast = FastKernels()
let reference = ReferenceKernels()

/// Numbers that single out mistakes: both zeros, the ends of the range, what is not a number.
let strange: [Float] = [
  0, -0.0, 1, -1, 1e-30, -1e-30, 1e30, -1e30, 88, 88.8, 89, 104, -87.4, -88, -103, -104, -1000, 1000, 0.624,
  0.626,
  -0.625, 1e-7, .infinity, -.infinity, .nan, .leastNormalMagnitude, .greatestFiniteMagnitude, 0.5, 20, -20, 9,
  -9,
]
