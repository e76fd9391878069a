/// Along one direction: which places of the input make up each output, and with which weights.
public struct ResamplingAxis: Sendable {
  /// How many places each output has: 1 for the nearest, 2 for linear, 4 for cubic interpolation.
  public let taps: Int
  /// `taps` places and weights for each output.
  public let places: [Int32], weights: [Float]

  /// The places and weights of all outputs.
  public init(taps: Int, places: [Int32], weights: [Float]) {
    self.taps = taps
    self.places = places
    self.weights = weights
  }

  /// The size of the output.
  public var count: Int { places.count / taps }
}

/// Images drawn in another size.
public struct ResamplingShape: Sendable {
  /// How many images there are, and how many numbers each place of them holds: N C with one, or, with the channels last,
  /// N with C.
  public let planes, lanes: Int
  /// Sizes of the input and of the output.
  public let input, output: Extent
  /// What outputs are made of along depth, height and width; the weight of a place is the product of the three.
  public let depth, height, width: ResamplingAxis

  /// A resampling along these axes.
  public init(
    planes: Int, lanes: Int = 1, input: Extent, depth: ResamplingAxis, height: ResamplingAxis,
    width: ResamplingAxis
  ) {
    self.planes = planes
    self.lanes = lanes
    self.input = input
    self.depth = depth
    self.height = height
    self.width = width
    output = Extent(depth: depth.count, height: height.count, width: width.count)
  }
}

/// Weighted sums over a few neighbours; all tensors [planes, S, lanes], the width innermost of space.
public protocol ResamplingKernels {
  /// y = the sum of weight x over the places of each output.
  func resample(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: ResamplingShape)

  /// dx[place] += weight g; written whole.
  func resampleGradient(_ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: ResamplingShape)
}
