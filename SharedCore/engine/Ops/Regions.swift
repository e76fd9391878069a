import Kernels
import Utils

/// Regions of feature maps as grids of one size, each cell the mean of bilinear samples (He et al., "Mask R-CNN", 2017,
/// §3).
///
/// Derivative: dx = each cell's g, spread over the pixels that it sampled; the regions get none.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - regions: [R, 5], each the image's index and x1, y1, x2, y2.
///   - grid: h and w.
///   - scale: of the map by the image in which the regions are measured.
///   - samplingRatio: samples along each side of a cell; 0 for as many as it has pixels, rounded up.
///   - aligned: pixels are points in the middle of their squares.
/// - Returns: [R, C, h, w].
public func roiAlign(
  _ x: Tensor, _ regions: Tensor, grid: (height: Int, width: Int), scale: Float = 1, samplingRatio: Int = 0,
  aligned: Bool = true
) -> Tensor {
  let shape = regionShape(x, regions, grid, scale, "roiAlign")
  let (whole, sampling) = (x.shape, RegionSampling(ratio: samplingRatio, aligned: aligned))
  let y = Tensor(shape: [regions.shape[0], whole[1], grid.height, grid.width]) { y in
    x.withSpan { x in
      regions.withSpan { Kernels.chosen.alignRegions(x, regions: $0, into: &y, shape, sampling) }
    }
  }
  return record(y, from: x) { g in
    [
      Tensor(shape: whole) { dx in
        for i in 0..<dx.count { dx[i] = 0 }
        g.withSpan { g in
          regions.withSpan { Kernels.chosen.alignRegionsGradient(g, regions: $0, into: &dx, shape, sampling) }
        }
      }
    ]
  }
}

/// Regions of feature maps as grids of one size, each cell its largest pixel, 0 without pixels (Girshick, "Fast R-CNN",
/// 2015, §2.1).
///
/// Derivative: dx = each cell's g at its largest pixel; the regions get none.
///
/// - Parameters:
///   - x: [N, C, H, W].
///   - regions: [R, 5], each the image's index and x1, y1, x2, y2.
///   - grid: h and w.
///   - scale: of the map by the image in which the regions are measured.
/// - Returns: [R, C, h, w].
public func roiPool(
  _ x: Tensor, _ regions: Tensor, grid: (height: Int, width: Int), scale: Float = 1
) -> Tensor {
  let shape = regionShape(x, regions, grid, scale, "roiPool")
  let (whole, cells) = (x.shape, Shape([regions.shape[0], x.shape[1], grid.height, grid.width]))
  var places = [Int32](repeating: -1, count: cells.elementCount)
  let y = Tensor(shape: cells) { y in
    var span = places.mutableSpan
    x.withSpan { x in
      regions.withSpan { Kernels.chosen.poolRegions(x, regions: $0, into: &y, at: &span, shape) }
    }
  }
  let largest = places
  return record(y, from: x) { g in
    [
      Tensor(shape: whole) { dx in
        for i in 0..<dx.count { dx[i] = 0 }
        g.withSpan { g in
          for (cell, place) in largest.enumerated() where place >= 0 { dx[Int(place)] += g[cell] }
        }
      }
    ]
  }
}

private func regionShape(
  _ x: Tensor, _ regions: Tensor, _ grid: (height: Int, width: Int), _ scale: Float, _ op: String
) -> RegionShape {
  require(
    x.shape.count == 4 && regions.shape.count == 2 && regions.shape[1] == 5,
    "\(op): maps [N, C, H, W] and regions [R, 5] are needed, not \(x.shape) and \(regions.shape)")
  require(grid.height > 0 && grid.width > 0, "\(op): a grid of \(grid.height) by \(grid.width) has no cells")
  for (place, number) in regions.elements.enumerated() {
    require(Swift.abs(number) < 1e6, "\(op): region \(place / 5) has the coordinate \(number)")
    require(
      place % 5 != 0 || (number >= 0 && Int(number) < x.shape[0]),
      "\(op): region \(place / 5) is of image \(number), and there are \(x.shape[0])")
  }
  return RegionShape(
    channels: x.shape[1], height: x.shape[2], width: x.shape[3], gridHeight: grid.height,
    gridWidth: grid.width,
    scale: scale)
}
