import Foundation
import Utils

/// The grey of a rolled strip: noise whose strength falls with its frequency, stretched along the rolling direction;
/// light that is uneven; and black where the strip ends.
struct SteelTexture {
  let height, width: Int

  /// [H * W], brightness from about 0 to 1.
  func drawn(_ edges: SteelEdges, using random: inout RandomStream) -> [Float] {
    var canvas = lighting(using: &random)
    // One octave after the other, each half as wide and three quarters as strong: noise like 1/f.
    var (across, down, strength) = (Double(height) * 2, Double(height) / 8, random.uniform(in: 0.02..<0.05))
    while down >= 1 {
      ValueNoise(across: across, down: down, height: height, width: width, using: &random)
        .add(to: &canvas, strength: Float(strength))
      (across, down, strength) = (across / 2, down / 2, strength * 0.75)
    }
    let grain = Float(random.uniform(in: 0.008..<0.02))
    for row in 0..<height {
      let line = Float(random.normal()) * 0.012  // what a roll leaves along the whole strip
      let left = edges.left(row)
      let right = edges.right(row)
      for column in 0..<width {
        let place = row * width + column
        // The sum of two uniform numbers is near enough to a normal one for grain.
        let bits = random.next()
        let speck = Float(bits & 0xFFFF) + Float(bits >> 16 & 0xFFFF) - 65535
        let isSteel = left <= column && column < right
        canvas[place] =
          isSteel
          ? max(canvas[place] + line, 0.15) + grain * speck / 26755 : max(0.03 + grain * speck / 60000, 0)
      }
    }
    return canvas
  }

  /// Brightness that changes slowly over the strip.
  private func lighting(using random: inout RandomStream) -> [Float] {
    let level = Float(random.uniform(in: 0.28..<0.55))
    let (tilt, bow) = (Float(random.uniform(in: -0.1..<0.1)), Float(random.uniform(in: -0.12..<0.04)))
    let slope = Float(random.uniform(in: -0.04..<0.04))
    let columns = (0..<width).map { column -> Float in
      let x = 2 * Float(column) / Float(width) - 1
      return level + tilt * x + bow * x * x
    }
    var canvas: [Float] = []
    canvas.reserveCapacity(height * width)
    for row in 0..<height {
      let y = slope * (2 * Float(row) / Float(height) - 1)
      for value in columns { canvas.append(value + y) }
    }
    return canvas
  }
}

/// Where the strip begins and ends; in every third image it does not fill the picture.
struct SteelEdges {
  /// The columns that are steel in every row.
  let steel: Range<Int>
  private let start, end: Double
  private let waves: [(size: Double, pace: Double, phase: Double)]

  init(height: Int, width: Int, using random: inout RandomStream) {
    let (side, share) = (random.uniform(), random.uniform(in: 0.03..<0.45))
    let gap = side < 1 / 3.0 ? share * Double(width) : 0
    let isLeft = random.uniform() < 0.5
    start = isLeft ? gap : 0
    end = Double(width) - (isLeft ? 0 : gap)
    waves = (1...3).map { number in
      (
        random.uniform(in: 0..<3) * Double(height) / 256 / Double(number),
        Double(number) * 4 / Double(height),
        random.uniform(in: 0..<2 * .pi)
      )
    }
    let sway = Int((waves.reduce(0) { $0 + $1.size }).rounded(.up))
    let first = gap > 0 && isLeft ? Int(start) + sway + 1 : 0
    let last = gap > 0 && !isLeft ? Int(end) - sway - 1 : width
    steel = first..<max(last, first + 1)
  }

  func left(_ row: Int) -> Int { start == 0 ? 0 : Int(start + sway(row)) }

  func right(_ row: Int) -> Int { Int(end + (start == 0 ? sway(row) : 0)) }

  private func sway(_ row: Int) -> Double {
    waves.reduce(0) { $0 + $1.size * sin($1.pace * Double(row) + $1.phase) }
  }
}

/// Random numbers on a coarse grid, blended between its points.
struct ValueNoise {
  private let height, width: Int
  private let across, down: Double
  private let columns: Int
  private let grid: [Float]

  /// Noise whose grid has a point every `across` columns and every `down` rows.
  init(across: Double, down: Double, height: Int, width: Int, using random: inout RandomStream) {
    (self.height, self.width) = (height, width)
    (self.across, self.down) = (max(across, 1), max(down, 1))
    columns = Int(Double(width) / self.across) + 2
    let rows = Int(Double(height) / self.down) + 2
    grid = (0..<rows * columns).map { _ in Float(random.normal()) }
  }

  /// canvas += strength * noise, on [H * W].
  func add(to canvas: inout [Float], strength: Float) {
    let steps = (0..<width).map { Self.place(Double($0) / across) }
    canvas.withUnsafeMutableBufferPointer { canvas in
      for row in 0..<height {
        let (above, fraction) = Self.place(Double(row) / down)
        let line = (0..<columns).map { column -> Float in
          let (top, bottom) = (grid[above * columns + column], grid[(above + 1) * columns + column])
          return strength * (top + (bottom - top) * fraction)
        }
        for column in 0..<width {
          let (left, fraction) = steps[column]
          canvas[row * width + column] += line[left] + (line[left + 1] - line[left]) * fraction
        }
      }
    }
  }

  /// The point of the grid before `position`, and how far beyond it, eased so that no grid is seen.
  private static func place(_ position: Double) -> (Int, Float) {
    let index = Int(position)
    let t = Float(position - Double(index))
    return (index, t * t * (3 - 2 * t))
  }
}
