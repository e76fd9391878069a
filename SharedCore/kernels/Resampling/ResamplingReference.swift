extension ResamplingKernels {
  /// y[o] = sum of weight x[place] over the taps of the three directions, each with each.
  ///
  /// Output after output, so that y is written in order, and lanes innermost, which are neighbours in both. Two operations
  /// for each output and tap: 2, 4 or 8 taps where it interpolates linearly, 16 where bicubically.
  public func resample(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ResamplingShape) {
    for i in 0..<y.count { y[i] = 0 }
    shape.forEachTerm { output, input, weight in y[output] += weight * x[input] }
  }

  /// dx[place] += weight g[o]: the same walk and cost the other way. Outputs share places, so it gathers.
  public func resampleGradient(_ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ResamplingShape)
  {
    for i in 0..<dx.count { dx[i] = 0 }
    shape.forEachTerm { output, input, weight in dx[input] += weight * g[output] }
  }
}

extension ResamplingShape {
  /// Calls `body` for every output and every place of the input that it is made of.
  @inline(__always)
  func forEachTerm(_ body: (_ output: Int, _ input: Int, _ weight: Float) -> Void) {
    var output = 0
    for plane in 0..<planes {
      for z in 0..<depth.count {
        for row in 0..<height.count {
          for column in 0..<width.count {
            for tapZ in z * depth.taps..<(z + 1) * depth.taps {
              for tapY in row * height.taps..<(row + 1) * height.taps {
                let line = Int(depth.places[tapZ]) * input.height + Int(height.places[tapY])
                let start = plane * input.volume + line * input.width
                let weight = depth.weights[tapZ] * height.weights[tapY]
                for tapX in column * width.taps..<(column + 1) * width.taps {
                  let place = start + Int(width.places[tapX])
                  for lane in 0..<lanes {
                    body(output * lanes + lane, place * lanes + lane, weight * width.weights[tapX])
                  }
                }
              }
            }
            output += 1
          }
        }
      }
    }
  }
}
