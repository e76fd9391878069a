import Utils

/// Yes or no in a shape: which elements are meant.
///
/// A mask broadcasts against tensors as a tensor does.
public struct Mask: Sendable, CustomStringConvertible {
  /// 1 for yes and 0 for no.
  let flags: Tensor

  /// These answers in a shape; traps when their number is not the shape's.
  public init(_ answers: some Collection<Bool>, shape: Shape) {
    flags = Tensor(answers.map { $0 ? 1 : 0 }, shape: shape)
  }

  /// The answer for every element of `x`: `Mask(of: x) { $0 > 0 }`.
  public init(of x: Tensor, _ condition: (Float) -> Bool) {
    flags = Tensor(shape: x.shape) { flags in
      x.withSpan { x in for i in 0..<x.count { flags[i] = condition(x[i]) ? 1 : 0 } }
    }
  }

  /// Yes on and below a diagonal of a matrix: what a token may look at when it must not see what comes after it.
  ///
  /// - Parameter diagonal: 0 for the main one, 1 for the one above it, -1 for the one below.
  public static func lowerTriangle(_ rows: Int, _ columns: Int, diagonal: Int = 0) -> Mask {
    Mask(
      (0..<rows).flatMap { row in (0..<columns).map { $0 - row <= diagonal } }, shape: [rows, columns])
  }

  /// Sizes of the dimensions, outermost first.
  public var shape: Shape { flags.shape }

  /// No for yes.
  public static prefix func ! (mask: Mask) -> Mask { Mask(of: mask.flags) { $0 == 0 } }

  /// The shape and how many answers are yes.
  public var description: String { "Mask\(shape)(\(Int(flags.sum().scalar)) of \(flags.count))" }
}
