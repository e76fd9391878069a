import Foundation
import Kernels
import Utils

/// How numbers between the places of a grid are made.
public enum Interpolation: String, CaseIterable, Sendable {
  /// The place before; a straight line between the two places around; a cubic through four (Keys 1981, a = -0.75).
  case nearest, linear, cubic
}

/// Images in another size: [N, C, H, W] becomes [N, C, size, size]; signals and volumes likewise.
///
/// Output i lies at (i + 1/2) H / size - 1/2 of the input, the middle of its cell, or at i (H - 1) / (size - 1) with
/// `alignCorners`; the nearest place is i H / size, rounded down. Places beyond the edge are those of the edge.
///
/// Derivative: each place gathers g times the weight with which it was taken.
///
/// - Parameters:
///   - x: [N, C, ...] with one to three sizes of space.
///   - size: the new sizes of space.
///   - mode: linear is bilinear for images, cubic bicubic.
///   - alignCorners: the first and last places of both grids lie on each other; not for the nearest.
public func interpolate(
  _ x: Tensor, to size: any PerDirection, _ mode: Interpolation = .nearest, alignCorners: Bool = false
) -> Tensor {
  let input = x.spaceToResample()
  let output = size.numbers(forDirections: input.count)
  return resampled(x, output, zip(input, output).map { Float($0) / Float($1) }, mode, alignCorners)
}

/// Images `scale` times as large in every direction; see the form with sizes.
///
/// The new sizes are rounded down; places are counted by 1 / scale, not by the rounded sizes, as in PyTorch.
public func interpolate(
  _ x: Tensor, by scale: Double, _ mode: Interpolation = .nearest, alignCorners: Bool = false
) -> Tensor {
  interpolate(
    x, by: Array(repeating: scale, count: max(x.shape.count - 2, 0)), mode, alignCorners: alignCorners)
}

/// Images in another size, a factor for each direction of space; see the form with sizes.
public func interpolate(
  _ x: Tensor, by scales: [Double], _ mode: Interpolation = .nearest, alignCorners: Bool = false
) -> Tensor {
  let input = x.spaceToResample()
  require(
    scales.count == input.count && scales.allSatisfy { $0 > 0 && $0 < 1e6 },
    "interpolate: \(scales) are not factors for input \(x.shape)")
  let output = zip(input, scales).map { Int((Double($0) * $1).rounded(.down)) }
  return resampled(x, output, scales.map { Float(1 / $0) }, mode, alignCorners)
}

private func resampled(
  _ x: Tensor, _ output: [Int], _ ratios: [Float], _ mode: Interpolation, _ alignCorners: Bool
) -> Tensor {
  require(
    output.allSatisfy { $0 >= 1 } && !(alignCorners && mode == .nearest),
    "interpolate: input \(x.shape) cannot become \(output), \(mode)\(alignCorners ? ", corners aligned" : "")"
  )
  let input = Array(x.shape[2...])
  let axes = output.indices.map { d in
    ResamplingAxis(
      mode, input: input[d], output: output[d], ratio: ratios[d], alignCorners: alignCorners)
  }
  let whole = ResamplingAxis(taps: 1, places: [0], weights: [1])
  let all = Array(repeating: whole, count: 3 - axes.count) + axes
  let (planes, lanes) = x.planesAndLanes
  let shape = ResamplingShape(
    planes: planes, lanes: lanes, input: Extent(input, missing: 1), depth: all[0], height: all[1],
    width: all[2])
  let y = Tensor(shape: Shape([x.shape[0], x.shape[1]] + output), order: x.order) { y in
    x.withMemory { Kernels.chosen.resample($0, into: &y, shape) }
  }
  return record(y, from: x) { g in
    [
      Tensor(shape: x.shape, order: x.order) { dx in
        g.arranged(in: x.order).withMemory { Kernels.chosen.resampleGradient($0, into: &dx, shape) }
      }
    ]
  }
}

extension Tensor {
  fileprivate func spaceToResample() -> [Int] {
    require(
      3...5 ~= shape.count && shape[2...].allSatisfy { $0 >= 1 },
      "interpolate: the input is [N, C] and one to three sizes of space, got \(shape)")
    return Array(shape[2...])
  }
}

extension ResamplingAxis {
  /// Places and weights along one direction, in single precision as in PyTorch: where the nearest changes depends on it.
  fileprivate init(_ mode: Interpolation, input: Int, output: Int, ratio: Float, alignCorners: Bool) {
    let spacing = alignCorners ? (output > 1 ? Float(input - 1) / Float(output - 1) : 0) : ratio
    func position(_ i: Int) -> Float {
      alignCorners ? Float(i) * spacing : (Float(i) + 0.5) * spacing - 0.5
    }
    func place(_ i: Int) -> Int32 { Int32(min(max(i, 0), input - 1)) }
    switch mode {
    case .nearest:
      self.init(
        taps: 1, places: (0..<output).map { place(Int((Float($0) * spacing).rounded(.down))) },
        weights: Array(repeating: 1, count: output))
    case .linear:
      let positions = (0..<output).map { min(max(position($0), 0), Float(input - 1)) }
      self.init(
        taps: 2, places: positions.flatMap { [place(Int($0)), place(Int($0) + 1)] },
        weights: positions.flatMap { [1 - ($0 - $0.rounded(.down)), $0 - $0.rounded(.down)] })
    case .cubic:
      let positions = (0..<output).map(position)
      self.init(
        taps: 4,
        places: positions.flatMap { x in (-1...2).map { place(Int(x.rounded(.down)) + $0) } },
        weights: positions.flatMap { x in
          let t = x - x.rounded(.down)
          return [Self.far(t + 1), Self.near(t), Self.near(1 - t), Self.far(2 - t)]
        })
    }
  }

  /// The cubic's weight at a distance of up to 1.
  private static func near(_ t: Float) -> Float { ((2 - 0.75) * t - (3 - 0.75)) * t * t + 1 }

  /// The cubic's weight at a distance from 1 to 2.
  private static func far(_ t: Float) -> Float { -0.75 * (((t - 5) * t + 8) * t - 4) }
}
