import Utils

/// How much boxes overlap: the area that both cover divided by the area that either covers.
///
/// - Parameters:
///   - a, b: [N, 4] and [M, 4], each x1, y1, x2, y2 with x1 <= x2 and y1 <= y2.
/// - Returns: [N, M], each in 0...1; differentiable.
public func boxIoU(_ a: Tensor, _ b: Tensor) -> Tensor {
  let pair = everyPair(a, b, "boxIoU")
  return pair.intersection / pair.union
}

/// `boxIoU` less the share of the enclosing box that neither covers, below 0 for boxes apart
/// (Rezatofighi et al. 2019).
///
/// - Returns: [N, M], each in -1...1; differentiable.
public func generalizedBoxIoU(_ a: Tensor, _ b: Tensor) -> Tensor {
  let pair = everyPair(a, b, "generalizedBoxIoU")
  return pair.intersection / pair.union - (pair.enclosure - pair.union) / pair.enclosure
}

/// The boxes that remain when each one is dropped that overlaps with a better one by more than a threshold.
///
/// - Parameters:
///   - boxes: [N, 4], each x1, y1, x2, y2.
///   - scores: [N], higher is better; of equals the first.
/// - Returns: the remaining boxes' places, the best first.
public func nonMaximumSuppression(_ boxes: Tensor, scores: Tensor, threshold: Float) -> IndexTensor {
  require(
    boxes.shape == [scores.count, 4] && scores.shape.count == 1,
    "nonMaximumSuppression: boxes \(boxes.shape) and scores \(scores.shape) do not fit")
  let corners = boxes.elements
  func overlap(_ a: Int, _ b: Int) -> Float {
    func side(_ low: Int) -> Float {
      max(
        min(corners[4 * a + low + 2], corners[4 * b + low + 2])
          - max(corners[4 * a + low], corners[4 * b + low]), 0)
    }
    func area(_ box: Int) -> Float {
      (corners[4 * box + 2] - corners[4 * box]) * (corners[4 * box + 3] - corners[4 * box + 1])
    }
    let intersection = side(0) * side(1)
    return intersection / (area(a) + area(b) - intersection)
  }
  var kept: [Int32] = []
  for box in scores.detached().sorted(along: 0, descending: true).places.elements
  where !kept.contains(where: { overlap(Int($0), Int(box)) > threshold }) {
    kept.append(box)
  }
  return IndexTensor(kept)
}

/// Boxes that are compared element by element, shapes broadcast.
struct BoxPair {
  /// Areas that both, that either and that the smallest box around both cover.
  let intersection, union, enclosure: Tensor
  /// Squares of the distance of the centres and of the enclosing box's diagonal.
  let distance, diagonal: Tensor
  /// Widths and heights of both.
  let widths, heights: (Tensor, Tensor)

  /// `a` and `b` are [..., 4], each x1, y1, x2, y2.
  init(_ a: Tensor, _ b: Tensor) {
    func corner(_ boxes: Tensor, _ place: Int) -> Tensor {
      boxes.narrowed(along: -1, from: place, count: 1).squeezed(at: -1)
    }
    /// What both share along an axis, what they span, the distance of their middles, and their own lengths.
    func along(_ axis: Int) -> (shared: Tensor, span: Tensor, distance: Tensor, lengths: (Tensor, Tensor)) {
      let (lowA, highA, lowB, highB) = (
        corner(a, axis), corner(a, axis + 2), corner(b, axis), corner(b, axis + 2)
      )
      return (
        relu(minimum(highA, highB) - maximum(lowA, lowB)), maximum(highA, highB) - minimum(lowA, lowB),
        (lowA + highA - lowB - highB) / 2, (highA - lowA, highB - lowB)
      )
    }
    let (x, y) = (along(0), along(1))
    intersection = x.shared * y.shared
    union = x.lengths.0 * y.lengths.0 + x.lengths.1 * y.lengths.1 - intersection
    enclosure = x.span * y.span
    distance = square(x.distance) + square(y.distance)
    diagonal = square(x.span) + square(y.span)
    (widths, heights) = (x.lengths, y.lengths)
  }
}

private func everyPair(_ a: Tensor, _ b: Tensor, _ op: String) -> BoxPair {
  require(
    a.shape.count == 2 && b.shape.count == 2 && a.shape[1] == 4 && b.shape[1] == 4,
    "\(op): boxes are [N, 4] and [M, 4], not \(a.shape) and \(b.shape)")
  return BoxPair(a.unsqueezed(at: 1), b.unsqueezed(at: 0))
}
