import Foundation
import Utils

extension Generator {
  /// Two half circles of radius 1 that hold each other.
  ///
  /// Class 0: (cos t, sin t); class 1, shifted by (1, -0.5) and turned over: (1 - cos t, 0.5 - sin t), so that both
  /// ends lie inside the other arc; t uniform in [0, pi); noise on both coordinates.
  public static func moons(samples: Int = 1000, noise: Double = 0.1, seed: UInt64) -> Dataset {
    points("moons", classes: ["0", "1"], count: samples, noise: noise, seed: seed) { index, stream in
      let t = Double.pi * stream.uniform()
      let (x, y) = index % 2 == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
      return (x + noise * stream.normal(), y + noise * stream.normal(), Int32(index % 2))
    }
  }

  /// A ring inside a ring: r (cos t, sin t), t uniform in [0, 2 pi); r = `factor` for class 0, 1 for class 1; noise on
  /// both coordinates.
  public static func circles(
    samples: Int = 1000, noise: Double = 0.05, factor: Double = 0.5, seed: UInt64
  ) -> Dataset {
    require(factor > 0 && factor < 1, "circles: the inner radius is between 0 and 1, not \(factor)")
    return points("circles", classes: ["inner", "outer"], count: samples, noise: noise, seed: seed) {
      index, stream in
      let t = 2 * Double.pi * stream.uniform()
      let radius = index % 2 == 0 ? factor : 1
      return (
        radius * cos(t) + noise * stream.normal(), radius * sin(t) + noise * stream.normal(), Int32(index % 2)
      )
    }
  }

  /// Two arms around the origin: t (cos a, sin a) with t uniform in (0, 1] and a = 2 pi 1.75 t, the second arm turned by
  /// half a circle; noise on both coordinates.
  public static func spirals(samples: Int = 1000, noise: Double = 0.02, seed: UInt64) -> Dataset {
    points("spirals", classes: ["0", "1"], count: samples, noise: noise, seed: seed) { index, stream in
      let t = 1 - stream.uniform()
      let angle = 2 * Double.pi * 1.75 * t + (index % 2 == 0 ? 0 : Double.pi)
      return (
        t * cos(angle) + noise * stream.normal(), t * sin(angle) + noise * stream.normal(), Int32(index % 2)
      )
    }
  }
}
