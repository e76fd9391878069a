import Utils

/// Which elements are dropped, decided by a hash of their place: nothing is stored, and whoever asks again gets the same
/// answer.
///
/// An element is dropped when 16 random bits of its own are below `threshold`, so a probability is a multiple of
/// 1 / 65536. The bits are those of a 32-bit hash that two elements share, 16 places apart: half the work a number.
public struct DropoutPattern: Sendable {
  /// The two halves of the key.
  public let first, second: UInt32
  /// 65536 times the probability.
  public let threshold: UInt32
  /// What kept elements are multiplied by: 1 / (1 - probability), 0 where nothing is kept.
  public let scale: Float

  /// The pattern of `key` that drops with `probability`.
  public init(key: UInt64, probability: Float) {
    require(0 <= probability && probability <= 1, "a probability lies in 0...1, got \(probability)")
    first = UInt32(truncatingIfNeeded: key)
    second = UInt32(truncatingIfNeeded: key >> 32)
    threshold = UInt32((probability * 65536).rounded())
    scale = probability == 1 ? 0 : 1 / (1 - probability)
  }

  /// 32 random bits for the lane of a number: Wellons' `lowbias32` (2018) with the key added before each of its rounds.
  @inline(__always)
  func bits(_ lane: UInt32) -> UInt32 {
    var x = lane &+ first
    x = (x ^ (x >> 16)) &* 0x7FEB_352D
    x = ((x ^ (x >> 15)) &+ second) &* 0x846C_A68B
    return x ^ (x >> 16)
  }

  /// Whether the element at `place` stays.
  public func keeps(_ place: Int) -> Bool {
    let (block, position) = (place / 32, place % 32)
    let bits = bits(UInt32(truncatingIfNeeded: block * 16 + position % 16))
    return (position < 16 ? bits & 0xFFFF : bits >> 16) >= threshold
  }
}

/// Setting elements to 0 at random.
public protocol DropoutKernels {
  /// y[i] = scale x[i] where the pattern keeps i, and 0 elsewhere, whatever x[i] is.
  func dropout(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ pattern: DropoutPattern)
}

extension DropoutKernels {
  /// y[i] = scale x[i] or 0: one question an element, in order of memory, half a hash each.
  public func dropout(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ pattern: DropoutPattern) {
    for i in 0..<y.count { y[i] = pattern.keeps(i) ? pattern.scale * x[i] : 0 }
  }
}
