import Utils

extension FastKernels {
  /// Walks memory in its own order: whole rows are added where `inner` is wide, eight sums side by side where it is 1.
  ///
  /// Still in double precision.
  public func sum(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ReductionShape) {
    let (outer, count, inner) = (shape.outer, shape.count, shape.inner)
    require(x.count >= outer * count * inner && y.count >= outer * inner)
    if inner == 1 {
      for o in 0..<outer {
        var lanes = SIMD8<Double>.zero
        var c = 0
        while c + 8 <= count {
          var next = SIMD8<Float>.zero
          for lane in 0..<8 { next[lane] = x[unchecked: o &* count &+ c &+ lane] }
          lanes += SIMD8<Double>(next)
          c += 8
        }
        var sum = lanes.sum()
        while c < count {
          sum += Double(x[unchecked: o &* count &+ c])
          c += 1
        }
        y[unchecked: o] = Float(sum)
      }
      return
    }
    if inner < 8 {  // rows too short to be worth memory for their sums
      for o in 0..<outer {
        for i in 0..<inner {
          var sum = 0.0
          for c in 0..<count { sum += Double(x[unchecked: (o &* count &+ c) &* inner &+ i]) }
          y[unchecked: o &* inner &+ i] = Float(sum)
        }
      }
      return
    }
    var sums = [Double](repeating: 0, count: inner)
    var total = sums.mutableSpan
    for o in 0..<outer {
      for i in 0..<inner { total[unchecked: i] = 0 }
      for c in 0..<count {
        let row = (o * count + c) * inner
        for i in 0..<inner { total[unchecked: i] += Double(x[unchecked: row &+ i]) }
      }
      for i in 0..<inner { y[unchecked: o &* inner &+ i] = Float(total[unchecked: i]) }
    }
  }
}
