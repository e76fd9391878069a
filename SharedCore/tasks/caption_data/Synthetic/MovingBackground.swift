import Foundation
import Utils

/// What is seen behind the captions: soft shapes that drift, scenes that change, grain.
///
/// Every scene is one picture, larger than the crop, over which a window moves.
struct MovingBackground: Sendable {
  private struct Scene: Sendable {
    let start: Int
    let width, height: Int
    /// [height, width, 3]
    let pixels: [UInt8]
    let x, y, dx, dy: Double
  }

  private let width, height: Int
  private let scenes: [Scene]
  private let grain: Double
  private let seed: UInt64

  /// The background of `frames` frames; scenes change about every 35 frames, regardless of the captions.
  init(width: Int, height: Int, frames: Int, seed: UInt64) {
    (self.width, self.height, self.seed) = (width, height, seed)
    var random = RandomStream(seed: seed, purpose: "background")
    grain = random.uniform(in: 2..<10)
    var (scenes, start): ([Scene], Int) = ([], 0)
    while start < frames {
      scenes.append(Self.scene(start, width, height, using: &random))
      start += 15 + random.index(below: 41)
    }
    self.scenes = scenes
  }

  private static func scene(
    _ start: Int, _ cropWidth: Int, _ cropHeight: Int, using random: inout RandomStream
  ) -> Scene {
    let (width, height) = (cropWidth + 128, cropHeight + 64)
    // A coarse grid of colours, drawn out smoothly; a narrower grid gives more detail.
    let cell = [12, 24, 48, 96][random.index(below: 4)]
    let (columns, rows) = (width / cell + 2, height / cell + 2)
    let base = (0..<3).map { _ in random.uniform(in: 20..<190) }
    let contrast = random.uniform(in: 15..<70)
    let colors = (0..<rows * columns).flatMap { _ in
      let light = random.normal() * contrast
      return base.map { Float($0 + light + random.normal() * contrast / 3) }
    }
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for y in 0..<height {
      let (row, v) = (y / cell, smooth(y % cell, cell))
      for x in 0..<width {
        let (column, u) = (x / cell, smooth(x % cell, cell))
        let corner = (row * columns + column) * 3
        for channel in 0..<3 {
          let (a, b) = (colors[corner + channel], colors[corner + 3 + channel])
          let below = corner + 3 * columns + channel
          let (c, d) = (colors[below], colors[below + 3])
          let value = (a + (b - a) * u) * (1 - v) + (c + (d - c) * u) * v
          pixels[(y * width + x) * 3 + channel] = UInt8(min(max(value, 0), 255))
        }
      }
    }
    return Scene(
      start: start, width: width, height: height, pixels: pixels, x: random.uniform() * 128,
      y: random.uniform() * 64, dx: random.normal() * 2.5, dy: random.normal() * 0.8)
  }

  private static func smooth(_ place: Int, _ cell: Int) -> Float {
    let t = Float(place) / Float(cell)
    return t * t * (3 - 2 * t)
  }

  /// [H, W, 3] the background of frame `index`.
  func frame(_ index: Int) -> [UInt8] {
    let scene = scenes.last { $0.start <= index } ?? scenes[0]
    let time = Double(index - scene.start)
    // The window turns back at the edges of the scene.
    let (left, top) = (
      Self.folded(scene.x + time * scene.dx, 128), Self.folded(scene.y + time * scene.dy, 64)
    )
    var noise = RandomStream(seed: seed, purpose: "grain", number: index)
    let amount = Int32(grain * 256)
    return [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, filled in
      scene.pixels.withUnsafeBufferPointer { source in
        for row in 0..<height {
          let from = ((top + row) * scene.width + left) * 3
          var bits: UInt64 = 0
          for column in 0..<width {
            if column % 8 == 0 { bits = noise.next() }
            // Two throws of four bits: a triangle from -15 to 15.
            let throwTwo = Int32(bits & 15) - Int32(bits >> 4 & 15)
            bits >>= 8
            let shift = throwTwo * amount / 2048
            for channel in 0..<3 {
              let value = Int32(source[from + column * 3 + channel]) + shift
              target[(row * width + column) * 3 + channel] = UInt8(clamping: value)
            }
          }
        }
      }
      filled = width * height * 3
    }
  }

  private static func folded(_ place: Double, _ range: Int) -> Int {
    let period = Double(2 * range)
    let rest = (place.truncatingRemainder(dividingBy: period) + period).truncatingRemainder(
      dividingBy: period)
    return min(Int(rest < Double(range) ? rest : period - rest), range)
  }
}
