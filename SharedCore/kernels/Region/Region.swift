/// How regions of interest are cut out of feature maps x [N, C, H, W] into cells y [R, C, h, w].
public struct RegionShape: Equatable, Sendable {
  /// Channels, height and width of the maps, and height and width of the grid of cells.
  public let channels, height, width, gridHeight, gridWidth: Int
  /// What a region's corners are multiplied by to lie on the map.
  public let scale: Float

  /// Regions of maps [channels, height, width] as grids [gridHeight, gridWidth].
  public init(channels: Int, height: Int, width: Int, gridHeight: Int, gridWidth: Int, scale: Float) {
    (self.channels, self.height, self.width) = (channels, height, width)
    (self.gridHeight, self.gridWidth, self.scale) = (gridHeight, gridWidth, scale)
  }
}

/// The sampling of region alignment.
public struct RegionSampling: Equatable, Sendable {
  /// Samples along each side of a cell; 0 or less means as many as the cell has pixels, rounded up.
  public let ratio: Int
  /// Pixels are points in the middle of their squares: half a pixel is subtracted.
  public let aligned: Bool

  /// `ratio` samples along each side of a cell.
  public init(ratio: Int, aligned: Bool) {
    self.ratio = ratio
    self.aligned = aligned
  }
}

/// Cutting out regions; a region is five numbers: the image's index, x1, y1, x2, y2.
public protocol RegionKernels {
  /// y = the mean of bilinear samples in each cell (He, Gkioxari, Dollár, Girshick, "Mask R-CNN", 2017, §3).
  func alignRegions(
    _ x: Span<Float>, regions: Span<Float>, into y: inout MutableSpan<Float>, _ shape: RegionShape,
    _ sampling: RegionSampling)

  /// dx += each cell's g, spread over the pixels that the cell has sampled.
  func alignRegionsGradient(
    _ g: Span<Float>, regions: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: RegionShape,
    _ sampling: RegionSampling)

  /// y = the largest pixel in each cell and `at` where in x it stands; 0 and -1 of a cell without pixels
  /// (Girshick, "Fast R-CNN", 2015, §2.1).
  func poolRegions(
    _ x: Span<Float>, regions: Span<Float>, into y: inout MutableSpan<Float>,
    at: inout MutableSpan<Int32>, _ shape: RegionShape)
}
