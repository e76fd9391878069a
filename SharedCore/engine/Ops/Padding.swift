import Utils

/// What stands beside a tensor's edge.
public enum Padding: Equatable, Sendable {
  /// A number.
  case constant(Float)
  /// The elements behind the edge in the opposite order, the edge itself not repeated.
  case reflect
  /// The edge again and again.
  case replicate
  /// The elements from the other edge.
  case circular
}

extension Tensor {
  /// More elements on both sides of a dimension; a negative number takes some away.
  ///
  /// Derivative: dx = g, each element's copies summed; a constant gets none.
  public func padded(
    along dimension: Int, before: Int, after: Int, with padding: Padding = .constant(0)
  ) -> Tensor {
    let dimension = resolved(dimension, "padded")
    let size = shape[dimension]
    require(
      before + after + size >= 0 && before + size >= 0 && after + size >= 0,
      "padded: \(before) and \(after) are more than dimension \(dimension) of \(shape) has")
    let kept = narrowed(
      along: dimension, from: Swift.max(-before, 0), count: size + Swift.min(before, 0) + Swift.min(after, 0))
    guard before > 0 || after > 0 else { return kept }
    if case .constant(let value) = padding {
      let edges = [before, after].map { count in
        var edge = shape
        edge.replaceSize(of: dimension, by: Swift.max(count, 0))
        return Tensor(repeating: value, shape: edge)
      }
      return concatenate([edges[0], kept, edges[1]], along: dimension)
    }
    let reach = padding == .reflect ? size - 1 : padding == .circular ? size : .max
    require(
      size > 0 && before <= reach && after <= reach,
      "padded: \(padding) by \(before) and \(after) reaches beyond dimension \(dimension) of \(shape)")
    let places = (-before..<size + after).map { place -> Int32 in
      let source =
        switch padding {
        case .reflect: place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place
        case .circular: (place + size) % size
        case .replicate, .constant: Swift.min(Swift.max(place, 0), size - 1)
        }
      return Int32(source)
    }
    return selected(along: dimension, at: IndexTensor(places))
  }

  /// Images [N, C, H, W] in the middle of zeros, so that neither side is shorter than `side`; larger ones stay.
  ///
  /// Of an odd number of missing rows or columns the one more goes after. Derivative: dx = g without the frame.
  public func padded(toAtLeast side: Int) -> Tensor {
    require(shape.count == 4, "padded: images are [N, C, H, W], got \(shape)")
    return [2, 3].reduce(self) { images, dimension in
      let missing = Swift.max(side - shape[dimension], 0)
      guard missing > 0 else { return images }
      return images.padded(along: dimension, before: missing / 2, after: missing - missing / 2)
    }
  }
}
