import Foundation
import Utils

extension Generator {
  /// Two classes on the sides of a random line through the origin, a gap of 0.2 between them.
  ///
  /// The line's unit normal is w = (cos t, sin t), t uniform in [0, 2 pi). x ~ N(0, 1)^2, drawn again while
  /// |w . x| < 0.1; label = 1 where w . x > 0. `noise` is the rate, from 0 to 1, at which labels are flipped: at 0 the
  /// classes are separable with a margin of 0.1, at 0.05 about 95 % is the best a line can do.
  public static func linearSeparable(samples: Int = 1000, noise: Double = 0.05, seed: UInt64) -> Dataset {
    require(noise <= 1, "linear-separable: a rate is from 0 to 1, not \(noise)")
    var stream = RandomStream(seed: seed, purpose: "line")
    let angle = 2 * Double.pi * stream.uniform()
    let normal = (x: cos(angle), y: sin(angle))
    return points("linear-separable", classes: ["0", "1"], count: samples, noise: noise, seed: seed) {
      _, stream in
      var (x, y, side) = (0.0, 0.0, 0.0)
      repeat {
        (x, y) = (stream.normal(), stream.normal())
        side = normal.x * x + normal.y * y
      } while abs(side) < 0.1
      let isFlipped = stream.uniform() < noise
      return (x, y, (side > 0) != isFlipped ? 1 : 0)
    }
  }
}
