import Engine
import Utils

/// LeNet-5 as it was: trained subsampling, a table of connections, and outputs that measure how far the last layer is from
/// a drawn digit.
///
/// LeCun, Bottou, Bengio and Haffner 1998, §II.B and figure 2. Its 60,000 weights are trained, the 840 of the outputs are
/// drawn by hand. Departures: the digits of figure 3 are drawn anew (`DigitBitmaps`); the frame around a 28 x 28 image
/// repeats its edge, which in MNIST is background.
public final class OriginalLeNet: ConvolutionalNetwork {
  let c1: Conv2d
  let s2: Subsampling
  let c3: PartialConvolution
  let s4: Subsampling
  let c5: Conv2d
  let f6: Linear
  let output: DistanceOutputs
  private let frame: Int

  /// A network for square images of ten classes.
  ///
  /// - Parameters:
  ///   - channels: 1 for grey images, 3 for colour.
  ///   - side: 28 or 32 pixels.
  public init(channels: Int = 1, side: Int = 28, using random: inout RandomStream) {
    require(side == 28 || side == 32, "LeNet-5 sees images of 28 or 32 pixels a side, not \(side)")
    frame = (32 - side) / 2
    c1 = Conv2d(channels, 6, kernel: 5, using: &random)
    s2 = Subsampling(6, using: &random)
    c3 = PartialConvolution(table: Self.table, kernel: 5, using: &random)
    s4 = Subsampling(16, using: &random)
    c5 = Conv2d(16, 120, kernel: 5, using: &random)
    f6 = Linear(120, 84, using: &random)
    output = DistanceOutputs(DigitBitmaps.all)
    for (layer, fan) in [(c1 as any Module, 25 * channels), (c5, 400), (f6, 120)] {
      layer.initialize { .startingValues($1, fan: fan, using: &random) }
    }
  }

  /// The maps of C1 [N, 6, 28, 28], S2 [N, 6, 14, 14] and C3 [N, 16, 10, 10] for images [N, C, side, side].
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let framed = [2, 3].reduce(x) { $0.padded(along: $1, before: frame, after: frame, with: .replicate) }
    let first = squashed(c1(framed))  // [N, 6, 28, 28]
    let small = squashed(s2(first))  // [N, 6, 14, 14]
    return [("C1", first), ("S2", small), ("C3", squashed(c3(small)))]
  }

  /// Minus the distance from each drawn digit, [N, 10], for the `maps` [N, 16, 10, 10] of C3.
  public func classify(_ maps: Tensor) -> Tensor {
    let x = squashed(c5(squashed(s4(maps)))).flattened(from: 1)  // [N, 120]
    return output(squashed(f6(x)))
  }

  /// Which maps of S2 each of the sixteen maps of C3 sees (table I).
  static let table: [[Int]] = [
    [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
    [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
    [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5],
  ]
}

/// f(a) = 1.7159 tanh(2/3 a): f(1) = 1 and f(-1) = -1, where it is bent most (appendix A).
func squashed(_ a: Tensor) -> Tensor { tanh(a * (2 / 3)) * 1.7159 }

extension Tensor {
  /// First weights and biases: uniform in plus or minus 2.4 / fan-in (appendix A).
  static func startingValues(_ shape: Shape, fan: Int, using random: inout RandomStream) -> Tensor {
    .uniform(-2.4 / Double(fan)..<2.4 / Double(fan), shape: shape, using: &random)
  }
}
