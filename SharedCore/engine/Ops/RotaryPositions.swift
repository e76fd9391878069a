import Foundation
import Utils

/// The sines and cosines by which pairs of numbers turn at each place.
public struct RotaryAngles: Sendable {
  /// The number of features, of places, and for each place and pair cosine and sine, [length, D].
  let features, length: Int
  let turns: Tensor

  /// Angles t / base^(2i / D) for places t below `length` and the pairs i of `features` numbers, an even count.
  public init(_ features: Int, length: Int, base: Double = 10_000) {
    require(features % 2 == 0, "rotary positions turn pairs of features, and \(features) are not even")
    self.features = features
    self.length = length
    turns = Tensor(shape: [length, features]) { turns in
      for t in 0..<length {
        for pair in 0..<features / 2 {
          let angle = angle(t, pair: pair, features, base: base)
          turns[t * features + 2 * pair] = Float(cos(angle))
          turns[t * features + 2 * pair + 1] = Float(sin(angle))
        }
      }
    }
  }
}

/// Each pair of neighbouring features turned by an angle that grows with the place, so that the product of a query and a key
/// depends on their distance only.
///
/// (a, b) at place t and pair i becomes (a cos - b sin, a sin + b cos) of t / 10000^(2i / D). Su et al., "RoFormer:
/// Enhanced Transformer with Rotary Position Embedding", 2021, §3.2.2; pairs are neighbours as there, where some programs
/// pair i with i + D/2.
///
/// Derivative: dx = g turned back.
///
/// - Parameters:
///   - x: [..., T, D].
///   - start: the place of the first row.
public func rotated(_ x: Tensor, by angles: RotaryAngles, from start: Int = 0) -> Tensor {
  require(
    x.shape.count >= 2 && x.shape.last == angles.features && start >= 0
      && start + x.shape[x.shape.count - 2] <= angles.length,
    "rotated: the input is [..., T, \(angles.features)] with places up to \(angles.length), got \(x.shape) "
      + "from place \(start) on")
  return record(turned(x, angles, start, direction: 1), from: x) { g in
    [turned(g, angles, start, direction: -1)]
  }
}

private func turned(_ x: Tensor, _ angles: RotaryAngles, _ start: Int, direction: Float) -> Tensor {
  let (width, places) = (angles.features, x.shape[x.shape.count - 2])
  return Tensor(shape: x.shape) { y in
    withSpans(x, angles.turns) { x, turns in
      for row in 0..<x.count / Swift.max(width, 1) {
        let turn = (start + row % places) * width
        for pair in stride(from: row * width, to: (row + 1) * width, by: 2) {
          let at = turn + pair - row * width
          let (cosine, sine) = (turns[at], direction * turns[at + 1])
          y[pair] = x[pair] * cosine - x[pair + 1] * sine
          y[pair + 1] = x[pair] * sine + x[pair + 1] * cosine
        }
      }
    }
  }
}

/// t / base^(2 pair / features).
func angle(_ t: Int, pair: Int, _ features: Int, base: Double) -> Double {
  Double(t) / pow(base, 2 * Double(pair) / Double(features))
}
