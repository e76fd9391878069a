import Utils

extension FastKernels {
  /// Blocks of 32 elements: 16 hashes side by side, whose lower halves serve the first 16 and whose upper halves the
  /// others.
  public func dropout(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ pattern: DropoutPattern) {
    require(x.count >= y.count)
    let (threshold, scale) = (pattern.threshold, pattern.scale)
    let whole = y.count / 32
    for block in 0..<whole {
      let (lane, start) = (UInt32(truncatingIfNeeded: block &* 16), block &* 32)
      for l in 0..<16 {
        let bits = pattern.bits(lane &+ UInt32(truncatingIfNeeded: l))
        let (lower, upper) = (start &+ l, start &+ 16 &+ l)
        y[unchecked: lower] = bits & 0xFFFF >= threshold ? scale * x[unchecked: lower] : 0
        y[unchecked: upper] = bits >> 16 >= threshold ? scale * x[unchecked: upper] : 0
      }
    }
    for i in whole * 32..<y.count { y[i] = pattern.keeps(i) ? scale * x[i] : 0 }
  }
}
