import Foundation
import Utils

/// Sines and cosines of a place, added to what stands there.
///
/// PE[t, 2i] = sin(t / 10000^(2i / D)), PE[t, 2i + 1] = cos of the same (Vaswani et al., "Attention Is All You Need",
/// 2017, §3.5). Nothing is learnt, and nothing is saved.
public final class SinusoidalEncoding: Layer {
  private let table: Tensor

  /// Encodings of `features` numbers for sequences of at most `length` places.
  public init(_ features: Int, length: Int) {
    table = Tensor(shape: [length, features]) { table in
      for t in 0..<length {
        for i in 0..<features {
          let angle = angle(t, pair: i / 2, features, base: 10_000)
          table[t * features + i] = Float(i % 2 == 0 ? sin(angle) : cos(angle))
        }
      }
    }
  }

  /// x [N, T, D] with the encoding of each place added; traps where T is more than the length.
  public func callAsFunction(_ x: Tensor) -> Tensor { x + rows(of: table, for: x, "SinusoidalEncoding") }
}

/// A learnt vector for each place, added to what stands there (Gehring et al., "Convolutional Sequence to Sequence
/// Learning", 2017, §3.1; BERT and GPT).
///
/// `weight` [length, D] starts normally distributed with deviation 0.02.
public final class LearnedEncoding: Layer {
  let weight: Parameter

  /// Vectors of `features` numbers for sequences of at most `length` places.
  public init(_ features: Int, length: Int, using random: inout RandomStream) {
    weight = Parameter(.normal(deviation: 0.02, shape: [length, features], using: &random))
  }

  /// x [N, T, D] with the vector of each place added; traps where T is more than the length.
  public func callAsFunction(_ x: Tensor) -> Tensor { x + rows(of: weight.value, for: x, "LearnedEncoding") }
}

/// The layer of `rotated`, with the angles of a whole sequence computed once; it learns nothing.
public final class RotaryEncoding: Layer {
  private let angles: RotaryAngles

  /// Rotations of `features` numbers, an even count, for at most `length` places.
  public init(_ features: Int, length: Int, base: Double = 10_000) {
    angles = RotaryAngles(features, length: length, base: base)
  }

  /// x [..., T, D], queries or keys, each place turned by its angles.
  public func callAsFunction(_ x: Tensor) -> Tensor { rotated(x, by: angles) }

  /// The same for places from `start` on: what a cache of earlier keys lets out.
  public func callAsFunction(_ x: Tensor, from start: Int) -> Tensor { rotated(x, by: angles, from: start) }
}

private func rows(of table: Tensor, for x: Tensor, _ layer: String) -> Tensor {
  require(
    x.shape.count >= 2 && x.shape.last == table.shape[1] && x.shape[x.shape.count - 2] <= table.shape[0],
    "\(layer): the input is [..., T, \(table.shape[1])] with T up to \(table.shape[0]), got \(x.shape)")
  return table.narrowed(along: 0, from: 0, count: x.shape[x.shape.count - 2])
}
