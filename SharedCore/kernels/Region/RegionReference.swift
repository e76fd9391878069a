import Foundation

extension RegionKernels {
  /// y[cell] = sum over its taps of weight x[pixel] (He et al., "Mask R-CNN", 2017, §3).
  ///
  /// A sample is 4 taps, so 8 operations for each cell, channel and sample. Channels are inside of the samples: a position
  /// and its weights are computed once for all of them.
  public func alignRegions(
    _ x: Span<Float>, regions: Span<Float>, into y: inout MutableSpan<Float>, _ shape: RegionShape,
    _ sampling: RegionSampling
  ) {
    for i in 0..<y.count { y[i] = 0 }
    forEachTap(regions, shape, sampling) { cell, pixel, weight in y[cell] += weight * x[pixel] }
  }

  /// dx[pixel] += weight g[cell]: the same walk and cost, each tap takes its share back.
  public func alignRegionsGradient(
    _ g: Span<Float>, regions: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: RegionShape,
    _ sampling: RegionSampling
  ) {
    forEachTap(regions, shape, sampling) { cell, pixel, weight in dx[pixel] += weight * g[cell] }
  }

  /// y[cell] = the largest x of its pixels (Girshick, "Fast R-CNN", 2015, §2.1); a comparison a pixel.
  ///
  /// Corners are rounded to whole pixels, cells outwards, so that neighbours may share a row. Channel after channel,
  /// because a channel's map is one piece of memory.
  public func poolRegions(
    _ x: Span<Float>, regions: Span<Float>, into y: inout MutableSpan<Float>,
    at: inout MutableSpan<Int32>, _ shape: RegionShape
  ) {
    for region in 0..<regions.count / 5 {
      let box = Box(regions, region, scale: shape.scale)
      let (left, top) = (Int(box.left.rounded()), Int(box.top.rounded()))
      let cellHeight = Float(max(Int(box.bottom.rounded()) - top + 1, 1)) / Float(shape.gridHeight)
      let cellWidth = Float(max(Int(box.right.rounded()) - left + 1, 1)) / Float(shape.gridWidth)
      func pixels(_ cell: Int, _ size: Float, from start: Int, within limit: Int) -> Range<Int> {
        let begin = min(max(Int((Float(cell) * size).rounded(.down)) + start, 0), limit)
        let end = min(max(Int((Float(cell + 1) * size).rounded(.up)) + start, 0), limit)
        return begin..<max(begin, end)
      }
      for channel in 0..<shape.channels {
        let map = (box.image * shape.channels + channel) * shape.height * shape.width
        for row in 0..<shape.gridHeight {
          let rows = pixels(row, cellHeight, from: top, within: shape.height)
          for column in 0..<shape.gridWidth {
            var (best, place): (Float, Int) = (-.greatestFiniteMagnitude, -1)
            let columns = pixels(column, cellWidth, from: left, within: shape.width)
            for h in rows {
              for w in columns where x[map + h * shape.width + w] > best {
                place = map + h * shape.width + w
                best = x[place]
              }
            }
            let cell = shape.cell(region, channel, row, column)
            y[cell] = rows.isEmpty || columns.isEmpty ? 0 : best
            at[cell] = Int32(place)
          }
        }
      }
    }
  }

  /// Calls `body` with every cell, every pixel it samples, and the pixel's weight in the cell's mean.
  private func forEachTap(
    _ regions: Span<Float>, _ shape: RegionShape, _ sampling: RegionSampling,
    _ body: (_ cell: Int, _ pixel: Int, _ weight: Float) -> Void
  ) {
    let half: Float = sampling.aligned ? 0.5 : 0
    // the first version of the op, which did not align, took no region to be smaller than a pixel
    let smallest: Float = sampling.aligned ? -.infinity : 1
    for region in 0..<regions.count / 5 {
      let box = Box(regions, region, scale: shape.scale)
      let (left, top) = (box.left - half, box.top - half)
      let cellHeight = max(box.bottom - box.top, smallest) / Float(shape.gridHeight)
      let cellWidth = max(box.right - box.left, smallest) / Float(shape.gridWidth)
      let samples = { (size: Float) in sampling.ratio > 0 ? sampling.ratio : max(Int(size.rounded(.up)), 0) }
      let (down, across) = (samples(cellHeight), samples(cellWidth))
      let share = 1 / Float(max(down * across, 1))
      for row in 0..<shape.gridHeight {
        for i in 0..<down {
          let y = top + (Float(row) + (Float(i) + 0.5) / Float(down)) * cellHeight
          guard let (rows, rowWeights) = neighbours(of: y, within: shape.height) else { continue }
          for column in 0..<shape.gridWidth {
            for j in 0..<across {
              let x = left + (Float(column) + (Float(j) + 0.5) / Float(across)) * cellWidth
              guard let (columns, columnWeights) = neighbours(of: x, within: shape.width) else { continue }
              for channel in 0..<shape.channels {
                let map = (box.image * shape.channels + channel) * shape.height * shape.width
                let cell = shape.cell(region, channel, row, column)
                for a in 0..<2 {
                  for b in 0..<2 {
                    body(
                      cell, map + rows[a] * shape.width + columns[b],
                      rowWeights[a] * columnWeights[b] * share)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// The two pixels around a position and their weights; nil more than a pixel outside of the map.
  private func neighbours(
    of position: Float, within size: Int
  ) -> (InlineArray<2, Int>, InlineArray<2, Float>)? {
    guard position >= -1, position <= Float(size) else { return nil }
    let position = max(position, 0)
    let low = min(Int(position), size - 1)
    let high = min(low + 1, size - 1)
    let part = low == size - 1 ? 0 : position - Float(low)
    return ([low, high], [1 - part, part])
  }
}

/// A region's image and its corners on the map.
private struct Box {
  let image: Int
  let left, top, right, bottom: Float

  init(_ regions: Span<Float>, _ region: Int, scale: Float) {
    image = Int(regions[region * 5])
    left = regions[region * 5 + 1] * scale
    top = regions[region * 5 + 2] * scale
    right = regions[region * 5 + 3] * scale
    bottom = regions[region * 5 + 4] * scale
  }
}

extension RegionShape {
  /// Where a cell stands in y.
  @inline(__always)
  fileprivate func cell(_ region: Int, _ channel: Int, _ row: Int, _ column: Int) -> Int {
    ((region * channels + channel) * gridHeight + row) * gridWidth + column
  }
}
