import Utils

/// Channels become space: [N, C r^2, H, W] to [N, C, H r, W r].
///
/// y[n, c, h r + i, w r + j] = x[n, (c r + i) r + j, h, w]. Shi et al., "Real-Time Single Image and Video Super-Resolution
/// Using an Efficient Sub-Pixel Convolutional Neural Network", 2016, §3.2.
///
/// Derivative: dx = the pixel unshuffle of g.
public func pixelShuffle(_ x: Tensor, _ factor: Int) -> Tensor {
  require(
    x.shape.count == 4 && factor >= 1 && x.shape[1] % (factor * factor) == 0,
    "pixelShuffle: the channels of \(x.shape) are not a multiple of \(factor) squared")
  let fine: Shape = [x.shape[0], x.shape[1] / (factor * factor), x.shape[2] * factor, x.shape[3] * factor]
  let y = Tensor(shape: fine) { y in
    x.withSpan { x in forEachPixel(of: fine, factor) { fine, coarse in y[fine] = x[coarse] } }
  }
  return record(y, from: x) { g in [pixelUnshuffle(g, factor)] }
}

/// Space becomes channels: [N, C, H r, W r] to [N, C r^2, H, W], the inverse of `pixelShuffle`.
///
/// Derivative: dx = the pixel shuffle of g.
public func pixelUnshuffle(_ x: Tensor, _ factor: Int) -> Tensor {
  require(
    x.shape.count == 4 && factor >= 1 && x.shape[2] % factor == 0 && x.shape[3] % factor == 0,
    "pixelUnshuffle: height and width of \(x.shape) are not multiples of \(factor)")
  let fine = x.shape
  let y = Tensor(shape: [fine[0], fine[1] * factor * factor, fine[2] / factor, fine[3] / factor]) { y in
    x.withSpan { x in forEachPixel(of: fine, factor) { fine, coarse in y[coarse] = x[fine] } }
  }
  return record(y, from: x) { g in [pixelShuffle(g, factor)] }
}

/// Calls `body` with the place of every pixel in the fine image [N, C, H r, W r] and in the coarse one.
@inline(__always)
private func forEachPixel(of fine: Shape, _ factor: Int, _ body: (_ fine: Int, _ coarse: Int) -> Void) {
  let (height, width) = (fine[2], fine[3])
  var place = 0
  for plane in 0..<fine[0] * fine[1] {
    for row in 0..<height {
      for column in 0..<width {
        let channel = (plane * factor + row % factor) * factor + column % factor
        let line = channel * (height / factor) + row / factor
        body(place, line * (width / factor) + column / factor)
        place += 1
      }
    }
  }
}
