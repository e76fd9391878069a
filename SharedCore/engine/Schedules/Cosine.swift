import Foundation
import Utils

extension Schedule {
  /// Half a cosine from base to `minimum`: minimum + (base - minimum) (1 + cos(pi t / count)) / 2.
  ///
  /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without the
  /// restarts. As in PyTorch it rises again where training goes on beyond `count`.
  public static func cosine(over count: Int, to minimum: Double = 0) -> Schedule {
    require(count >= 1, "a cosine needs at least 1 to run over, got \(count)")
    return Schedule("cosine") { t, base in between(base, minimum, Double(t) / Double(count)) }
  }

  /// Half cosines that begin anew, the first `count` long, each `growth` times as long as the one before.
  ///
  /// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017.
  public static func cosineRestarts(first count: Int, growth: Int = 1, to minimum: Double = 0) -> Schedule {
    require(count >= 1 && growth >= 1, "a restart needs a length and a growth of 1, got \(count), \(growth)")
    return Schedule("cosine with restarts") { t, base in
      var (t, length) = (t, count)
      if growth == 1 { t %= count }
      while t >= length {
        t -= length
        length *= growth
      }
      return between(base, minimum, Double(t) / Double(length))
    }
  }

  /// Up along half a cosine to the optimiser's own rate, and down along another to nearly nothing.
  ///
  /// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates",
  /// 2018; as PyTorch computes it, but for the momentum, which stays. After `count` the last rate stays.
  /// - Parameters:
  ///   - count: the length of the whole; its last rate is that of t = count - 1.
  ///   - rise: the share of it in which the rate rises.
  ///   - startDivisor: the first rate is base / startDivisor.
  ///   - endDivisor: the last rate is the first / endDivisor.
  public static func oneCycle(
    over count: Int, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4
  ) -> Schedule {
    require(count >= 2 && 0 <= rise && rise <= 1, "a cycle of \(count), rising for \(rise) of it, is none")
    let (top, end) = (rise * Double(count) - 1, Double(count - 1))
    return Schedule("one cycle") { t, base in
      let (start, t) = (base / startDivisor, min(Double(t), end))
      if t > top { return between(base, start / endDivisor, (t - top) / (end - top)) }
      return between(start, base, top == 0 ? 1 : t / top)
    }
  }

  /// From `a` at 0 to `b` at 1 along half a cosine.
  private static func between(_ a: Double, _ b: Double, _ share: Double) -> Double {
    b + (a - b) * (1 + cos(.pi * share)) / 2
  }
}
