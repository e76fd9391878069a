import DataUtils
import Plotting
import Utils

/// A photograph made small enough for a sheet, with the defects of its mask outlined in the colours of their classes.
struct OutlinedImage {
  /// How many columns it has at most.
  static let widest = 960

  /// A colour a class that can be seen on grey steel, over and over.
  static let colors = [0xFFD23F, 0xFF6B6B, 0x5BC0EB, 0xFF9F1C, 0x3DDC97, 0xC77DFF].map { Color($0) }

  /// [h * w], row by row.
  private(set) var pixels: [Color]
  /// The size, in pixels.
  let height, width: Int
  private let step: Int

  /// The image `numbers`, [C, H, W] from 0 to 1; each pixel is the mean of those that it stands for.
  init(_ numbers: [Float], size: ImageSize) {
    let step = (size.width + Self.widest - 1) / Self.widest
    (height, width) = (max(size.height / step, 1), size.width / step)
    self.step = step
    let (rows, columns) = (height, width)
    let planes = (0..<size.channels).map { channel in
      (0..<rows * columns).map { place -> Double in
        var sum: Float = 0
        var count: Float = 0
        for row in place / columns * step..<min((place / columns + 1) * step, size.height) {
          let start = channel * size.area + row * size.width
          for column in place % columns * step..<(place % columns + 1) * step {
            sum += numbers[start + column]
            count += 1
          }
        }
        return Double(sum / count)
      }
    }
    pixels = (0..<rows * columns).map {
      Color(red: planes[0][$0], green: planes[planes.count / 2][$0], blue: planes[planes.count - 1][$0])
    }
  }

  /// Colours the pixels that touch a defect and are none.
  mutating func outline(_ mask: RegionMask) {
    // A pixel is a defect where any of those that it stands for is: thin scratches stay.
    var small = [UInt8](repeating: 0, count: height * width)
    for run in mask.runs {
      let row = Int(run.row) / step
      guard row < height else { continue }
      for column in Int(run.column) / step...Int(run.column + run.length - 1) / step where column < width {
        small[row * width + column] = run.label + 1
      }
    }
    for row in 0..<height {
      for column in 0..<width where small[row * width + column] == 0 {
        var neighbour: UInt8 = 0
        for y in max(row - 1, 0)...min(row + 1, height - 1) {
          for x in max(column - 1, 0)...min(column + 1, width - 1) {
            neighbour = max(neighbour, small[y * width + x])
          }
        }
        if neighbour > 0 {
          pixels[row * width + column] = Self.colors[Int(neighbour - 1) % Self.colors.count]
        }
      }
    }
  }
}
