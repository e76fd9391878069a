/// Sums over neighbours, eight lanes of double precision side by side: as right as the loop, and several times as fast.
///
/// The caller has checked that the places lie inside.
enum LaneSums {
  /// The sum of x.
  @inline(__always)
  static func sum(_ x: Span<Float>, _ start: Int, _ count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    var i = start
    while i &+ 8 <= start &+ count {
      lanes += eight(x, i)
      i &+= 8
    }
    var sum = lanes.sum()
    while i < start &+ count {
      sum += Double(x[unchecked: i])
      i &+= 1
    }
    return sum
  }

  /// The sum of (x - mean)^2.
  @inline(__always)
  static func squaredDistances(_ x: Span<Float>, from mean: Double, _ start: Int, _ count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    var i = start
    while i &+ 8 <= start &+ count {
      let distance = eight(x, i) - mean
      lanes += distance * distance
      i &+= 8
    }
    var sum = lanes.sum()
    while i < start &+ count {
      let distance = Double(x[unchecked: i]) - mean
      sum += distance * distance
      i &+= 1
    }
    return sum
  }

  /// The sum of g (x - mean).
  @inline(__always)
  static func product(_ g: Span<Float>, _ x: Span<Float>, minus mean: Float, _ start: Int, _ count: Int)
    -> Double
  {
    let mean = Double(mean)
    var lanes = SIMD8<Double>.zero
    var i = start
    while i &+ 8 <= start &+ count {
      lanes += eight(g, i) * (eight(x, i) - mean)
      i &+= 8
    }
    var sum = lanes.sum()
    while i < start &+ count {
      sum += Double(g[unchecked: i]) * (Double(x[unchecked: i]) - mean)
      i &+= 1
    }
    return sum
  }

  @inline(__always)
  private static func eight(_ x: Span<Float>, _ start: Int) -> SIMD8<Double> {
    var lanes = SIMD8<Float>.zero
    for lane in 0..<8 { lanes[lane] = x[unchecked: start &+ lane] }
    return SIMD8<Double>(lanes)
  }
}
