import Foundation
import Utils

extension Schedule {
  /// base factor^(t / count), rounded down: a stair with steps of one length.
  public static func step(every count: Int, factor: Double = 0.1) -> Schedule {
    require(count >= 1, "a stair's steps last at least 1, got \(count)")
    return Schedule("step") { t, base in base * pow(factor, Double(t / count)) }
  }

  /// base factor^(number of `milestones` reached): a stair with given steps.
  public static func multiStep(at milestones: [Int], factor: Double = 0.1) -> Schedule {
    Schedule("multi-step") { t, base in base * pow(factor, Double(milestones.count { $0 <= t })) }
  }

  /// base factor^t.
  public static func exponential(factor: Double) -> Schedule {
    Schedule("exponential") { t, base in base * pow(factor, Double(t)) }
  }

  /// A straight line from `start` base at 0 to `end` base at `count`, and that from there on: a warm-up where
  /// it rises.
  public static func linear(over count: Int, from start: Double, to end: Double = 1) -> Schedule {
    require(count >= 1, "a line needs at least 1 to run over, got \(count)")
    return Schedule("linear") { t, base in
      base * (start + (end - start) * Double(min(t, count)) / Double(count))
    }
  }

  /// base (1 - t / count)^power, 0 from `count` on.
  public static func polynomial(over count: Int, power: Double = 1) -> Schedule {
    require(count >= 1, "a decay needs at least 1 to run over, got \(count)")
    return Schedule("polynomial") { t, base in base * pow(1 - Double(min(t, count)) / Double(count), power) }
  }
}
