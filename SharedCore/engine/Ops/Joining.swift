import Kernels
import Utils

/// Tensors one after the other along a dimension; all other sizes agree.
///
/// Derivative: each gets the piece of g that stands where it stood.
public func concatenate(_ parts: [Tensor], along dimension: Int) -> Tensor {
  guard let first = parts.first else { trap("concatenate: there is nothing to join") }
  let dimension = first.resolved(dimension, "concatenate")
  for part in parts {
    require(
      part.shape.count == first.shape.count
        && part.shape.without(dimension, kept: true) == first.shape.without(dimension, kept: true),
      "concatenate: shapes \(first.shape) and \(part.shape) do not join along dimension \(dimension)")
  }
  var shape = first.shape
  shape.replaceSize(of: dimension, by: parts.reduce(0) { $0 + $1.shape[dimension] })
  let order = parts.contains { $0.order == .channelsLast } ? MemoryOrder.channelsLast : .rowMajor
  let (sizes, place) = (shape.sizes(in: order), shape.place(of: dimension, in: order))
  let (rows, width) = (sizes.product(of: 0..<place), sizes.product(of: place..<sizes.count))
  var starts: [Int] = []  // along the dimension
  let y = Tensor(shape: shape, order: order) { y in
    var column = 0
    for part in parts {
      starts.append(starts.last.map { $0 + parts[starts.count - 1].shape[dimension] } ?? 0)
      let partWidth = part.shape.sizes(in: order).product(of: place..<sizes.count)
      part.detached().arranged(in: order).withMemory {
        Kernels.chosen.place($0, rows: rows, width: partWidth, into: &y, from: column, step: width)
      }
      column += partWidth
    }
  }
  let pieces = zip(parts, starts).map { (start: $1, count: $0.shape[dimension], needed: $0.needsGradient) }
  return record(y, from: parts, facts: .concatenated(dimension: dimension)) { g in
    pieces.map { $0.needed ? g.narrowed(along: dimension, from: $0.start, count: $0.count) : nil }
  }
}

/// Tensors of one shape along a new dimension, counted in the result from the end when negative.
///
/// Derivative: each gets its layer of g.
public func stack(_ parts: [Tensor], along dimension: Int) -> Tensor {
  guard let first = parts.first else { trap("stack: there is nothing to join") }
  let dimension = dimension < 0 ? dimension + first.shape.count + 1 : dimension
  for part in parts {
    require(part.shape == first.shape, "stack: shapes \(first.shape) and \(part.shape) differ")
  }
  return concatenate(parts.map { $0.unsqueezed(at: dimension) }, along: dimension)
}

extension Tensor {
  /// Pieces of these sizes along a dimension, which they fill.
  ///
  /// Derivative: dx = the pieces' gradients one after the other.
  public func split(into sizes: [Int], along dimension: Int) -> [Tensor] {
    let whole = shape[resolved(dimension, "split")]
    require(sizes.reduce(0, +) == whole, "split: \(sizes) do not fill dimension \(dimension) of \(shape)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return narrowed(along: dimension, from: start, count: size)
    }
  }
}
