import Engine
import Plotting
import Utils

/// Heat over images: where a network looked, laid over what it saw.
struct HeatOverlay {
  /// What is hottest.
  enum Scale {
    /// The greatest number of each map.
    case greatest
    /// 1.
    case one
  }

  private let maps: Tensor
  private let scale: Scale

  /// Maps [N, h, w] of numbers from 0 upward.
  init(_ maps: Tensor, scale: Scale) { (self.maps, self.scale) = (maps, scale) }

  /// Images a row: fewer where each is wide.
  static func columns(of shape: Shape) -> Int { shape[2] > 3 * shape[1] ? 2 : 6 }

  /// The images in grey with the heat laid over them, the stronger the hotter.
  ///
  /// - Parameters:
  ///   - images: for each map the pixels [C, H, W] of what was seen, 0 to 1.
  ///   - shape: [C, H, W].
  func images(over images: [[Float]], _ shape: Shape) -> [ImageGrid.Image] {
    let (height, width) = (shape[1], shape[2])
    let count = maps.shape[0]
    let large = interpolate(
      maps.reshaped(to: [count, 1, maps.shape[1], maps.shape[2]]), to: [height, width], .linear
    ).elements
    return images.enumerated().map { number, pixels in
      let values = large[number * height * width..<(number + 1) * height * width]
      let hottest = scale == .one ? 1 : max(values.max() ?? 0, .leastNormalMagnitude)
      let colors = zip(Self.grey(pixels, channels: shape[0]), values).map { grey, value in
        let share = Double(min(max(value / hottest, 0), 1))
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
