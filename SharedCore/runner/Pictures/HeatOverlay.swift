import Engine
import Foundation
import Plotting
import Utils

/// Heat over images: where a network looked, laid over what it saw.
struct HeatOverlay {
  /// What is hottest.
  enum Scale {
    /// The greatest number of each map; 0 is coldest.
    case greatest
    /// The upper end of a range, whose lower end is coldest.
    case range(ClosedRange<Float>)
  }

  private let maps: Tensor

  /// Maps [N, h, w] of numbers from 0 upward.
  init(_ maps: Tensor) { self.maps = maps }

  /// From the least to the greatest number of all maps; those of attention lie close together, somewhere between 0 and 1.
  var spread: ClosedRange<Float> {
    let elements = maps.elements
    let least = elements.min() ?? 0
    return least...max(elements.max() ?? least, least)
  }

  /// Images a row: fewer where each is wide.
  static func columns(of shape: Shape) -> Int {
    shape[2] >= 3 * shape[1] ? 2 : 2 * shape[2] > 3 * shape[1] ? 3 : 6
  }

  /// The images in grey with the heat laid over them, the stronger the hotter.
  ///
  /// - Parameters:
  ///   - images: for each map the pixels [C, H, W] of what was seen, 0 to 1.
  ///   - shape: [C, H, W].
  func images(over images: [[Float]], _ shape: Shape, scale: Scale) -> [ImageGrid.Image] {
    let (height, width) = (shape[1], shape[2])
    let count = maps.shape[0]
    let large = interpolate(
      maps.reshaped(to: [count, 1, maps.shape[1], maps.shape[2]]), to: [height, width], .linear
    ).elements
    return images.enumerated().map { number, pixels in
      let values = large[number * height * width..<(number + 1) * height * width]
      let (coldest, hottest): (Float, Float) =
        switch scale {
        case .greatest: (0, values.max() ?? 0)
        case .range(let range): (range.lowerBound, range.upperBound)
        }
      let spread = max(hottest - coldest, .leastNormalMagnitude)
      let colors = zip(Self.grey(pixels, channels: shape[0]), values).map { grey, value in
        let share = Double(min(max((value - coldest) / spread, 0), 1))
        return Color.gray(grey).mixed(with: ColorMap.heat(share), 0.25 + 0.45 * share)
      }
      return ImageGrid.Image([], pixels: colors, width: width)
    }
  }

  /// The lightness of each pixel, 0 to 1.
  private static func grey(_ pixels: [Float], channels: Int) -> [Double] {
    let count = pixels.count / channels
    return (0..<count).map { place in
      (0..<channels).reduce(0) { $0 + Double(pixels[$1 * count + place]) } / Double(channels)
    }
  }
}

extension ClosedRange<Float> {
  /// Both ends with two digits, or as many more as tell them apart: "0.45 to 0.62".
  var inWords: String {
    let digits = upperBound - lowerBound < 0.05 ? "%.4f" : "%.2f"
    return [lowerBound, upperBound].map { String(format: digits, $0) }.joined(separator: " to ")
  }
}
