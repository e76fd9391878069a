import Utils

extension Generator {
  /// Both inputs are on: 1 only at the corner (1, 1), so that one line separates the classes.
  public static func and(samples: Int = 1000, noise: Double = 0.1, seed: UInt64) -> Dataset {
    gate("and", samples, noise, seed) { $0 & $1 }
  }

  /// At least one input is on: 0 only at the corner (0, 0), so that one line separates the classes.
  public static func or(samples: Int = 1000, noise: Double = 0.1, seed: UInt64) -> Dataset {
    gate("or", samples, noise, seed) { $0 | $1 }
  }

  /// Exactly one input is on: no line separates the classes (Minsky and Papert 1969).
  public static func xor(samples: Int = 1000, noise: Double = 0.1, seed: UInt64) -> Dataset {
    gate("xor", samples, noise, seed) { $0 ^ $1 }
  }

  /// Points around the corners (a, b) of the unit square: x = (a, b) + noise, label = rule(a, b).
  ///
  /// The corners take turns, so each has exactly a quarter of the points; when 4 does not divide `samples`, the first
  /// corners have one more.
  private static func gate(
    _ name: String, _ samples: Int, _ noise: Double, _ seed: UInt64, _ rule: (Int, Int) -> Int
  ) -> Dataset {
    points(name, classes: ["0", "1"], count: samples, noise: noise, seed: seed) { index, stream in
      let (a, b) = (index & 1, index >> 1 & 1)
      return (Double(a) + noise * stream.normal(), Double(b) + noise * stream.normal(), Int32(rule(a, b)))
    }
  }
}
