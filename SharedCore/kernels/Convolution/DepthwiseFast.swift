/// The walk of the reference without its bounds checks.
///
/// The caller has checked that all three spans hold what the shape says; every run stays inside by construction.
extension FastKernels {
  /// y += w * x.
  func depthwise(
    _ x: Span<Float>, _ w: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let runs = shape.runs
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let weight = w[unchecked: wStart &+ run.tap]
        let (outputs, inputs, step) = (yStart &+ run.output, xStart &+ run.input, run.step)
        if step == 1 {
          for i in 0..<run.count { y[unchecked: outputs &+ i] += weight * x[unchecked: inputs &+ i] }
        } else {
          for i in 0..<run.count { y[unchecked: outputs &+ i] += weight * x[unchecked: inputs &+ i &* step] }
        }
      }
    }
  }

  /// dx += w g, each place through the weights that it met.
  func depthwiseInputGradient(
    _ g: Span<Float>, _ w: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let runs = shape.runs
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let weight = w[unchecked: wStart &+ run.tap]
        let (outputs, inputs, step) = (yStart &+ run.output, xStart &+ run.input, run.step)
        if step == 1 {
          for i in 0..<run.count { dx[unchecked: inputs &+ i] += weight * g[unchecked: outputs &+ i] }
        } else {
          for i in 0..<run.count { dx[unchecked: inputs &+ i &* step] += weight * g[unchecked: outputs &+ i] }
        }
      }
    }
  }

  /// dw += g x, eight sums side by side.
  func depthwiseWeightGradient(
    _ g: Span<Float>, _ x: Span<Float>, into dw: inout MutableSpan<Float>, _ shape: ConvolutionShape
  ) {
    let runs = shape.runs
    forEachMeeting(shape) { yStart, wStart, xStart in
      for run in runs {
        let (outputs, inputs, step) = (yStart &+ run.output, xStart &+ run.input, run.step)
        var lanes = SIMD8<Float>.zero
        var i = 0
        while step == 1, i &+ 8 <= run.count {
          var (a, b) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
          for lane in 0..<8 {
            a[lane] = g[unchecked: outputs &+ i &+ lane]
            b[lane] = x[unchecked: inputs &+ i &+ lane]
          }
          lanes += a * b
          i &+= 8
        }
        var sum = lanes.sum()
        while i < run.count {
          sum += g[unchecked: outputs &+ i] * x[unchecked: inputs &+ i &* step]
          i &+= 1
        }
        dw[unchecked: wStart &+ run.tap] += sum
      }
    }
  }
}
