@testable import Engine

/// Views, joins, paddings and indices.
extension OpCase {
  static let viewsAndIndices: [OpCase] =
    ([[2, 3, 5], [4, 1, 6], [0, 3, 2]] as [Shape]).flatMap(permutations) + pieces + joins + paddings
    + indexing

  private static func permutations(_ shape: Shape) -> [OpCase] {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, -3]]
    let pairs = [(0, 1), (0, 2), (-1, -2), (1, 1)]
    let turns = [[], [0], [1, 2], [-1], [0, 1, 2]]
    return orders.map { order in OpCase("permuted to \(order)", [shape]) { $0[0].permuted(to: order) } }
      + pairs.map { a, b in OpCase("transposed \(a) \(b)", [shape]) { $0[0].transposed(a, b) } }
      + turns.map { turned in OpCase("flipped \(turned)", [shape]) { $0[0].flipped(along: turned) } }
      + shape.indices.flatMap { dimension in
        [-7, 0, 1, 4].map { shift in
          OpCase("rolled by \(shift) along \(dimension)", [shape]) {
            $0[0].rolled(by: shift, along: dimension)
          }
        }
      }
  }

  private static let pieces: [OpCase] = [
    OpCase("narrowed outside", [[4, 3]]) { $0[0].narrowed(along: 0, from: 1, count: 2) },
    OpCase("narrowed inside", [[2, 5, 3]]) { $0[0].narrowed(along: 1, from: 2, count: 3) },
    OpCase("narrowed to none", [[2, 5]]) { $0[0].narrowed(along: -1, from: 5, count: 0) },
    OpCase("sliced", [[2, 8]]) { $0[0].sliced(along: 1, from: 1, to: 7, step: 2) },
    OpCase("sliced to the end", [[9, 2]]) { $0[0].sliced(along: 0, from: 2, step: 3) },
    OpCase("sliced beyond the end", [[3, 2]]) { $0[0].sliced(along: 0, from: 7) },
    OpCase("narrowed, used twice", [[4, 3]]) {
      $0[0].narrowed(along: 0, from: 0, count: 3) * $0[0].narrowed(along: 0, from: 1, count: 3)
    },
    OpCase("expanded inside", [[5, 2, 1]]) { $0[0].expanded(to: [5, 2, 3]) },
    OpCase("expanded outside", [[2, 3]]) { $0[0].expanded(to: [4, 2, 3]) },
    OpCase("expanded everywhere", [[1, 3, 1]]) { $0[0].expanded(to: [2, 4, 3, 5]) },
    OpCase("expanded to none", [[1, 3]]) { $0[0].expanded(to: [0, 3]) },
    OpCase("expanded scalar", [[]]) { $0[0].expanded(to: [2, 3]) },
    OpCase("repeated", [[2, 3]]) { $0[0].repeated([3, 2]) },
    OpCase("unsqueezed", [[2, 3]]) { $0[0].unsqueezed(at: -1).unsqueezed(at: 0) },
    OpCase("squeezed", [[2, 1, 3]]) { $0[0].squeezed(at: -2) },
    OpCase("permuted and flattened", [[2, 3, 4]]) { $0[0].permuted(to: [2, 0, 1]).flattened(from: 1) },
  ]

  private static let joins: [OpCase] = [
    OpCase("concatenate rows", [[2, 3], [4, 3], [0, 3]]) { concatenate($0, along: 0) },
    OpCase("concatenate columns", [[2, 3], [2, 1]]) { concatenate($0, along: -1) },
    OpCase("concatenate in the middle", [[2, 3, 2], [2, 4, 2]]) { concatenate($0, along: 1) },
    OpCase("concatenate with a constant", [[2, 3], [2, 2], [2, 4]], by: [1]) { concatenate($0, along: 1) },
    OpCase("concatenate one", [[2, 3]]) { concatenate($0, along: 0) },
    OpCase("stack outside", [[2, 3], [2, 3]]) { stack($0, along: 0) },
    OpCase("stack inside", [[2, 3], [2, 3], [2, 3]]) { stack($0, along: -1) },
    OpCase("split", [[2, 6]]) { x in
      let parts = x[0].split(into: [1, 3, 0, 2], along: 1)
      return concatenate([parts[3], parts[1], parts[2]], along: 1)
    },
  ]

  private static let paddings: [OpCase] = ([.constant(0.5), .reflect, .replicate, .circular] as [Padding])
    .flatMap { padding in
      [(0, 0), (2, 1), (0, 3), (3, 0), (-1, 2), (-1, -2)].flatMap { before, after in
        ([[2, 4], [4, 2], [1, 5, 4]] as [Shape]).map { shape in
          OpCase("padded \(before) \(after) with \(padding)", [shape]) { x in
            let dimension = shape.indices.first { shape[$0] == 4 } ?? 0
            return x[0].padded(along: dimension, before: before, after: after, with: padding)
          }
        }
      }
    }

  private static let indexing: [OpCase] = [
    OpCase("images in a frame", [[2, 1, 3, 4]]) { $0[0].padded(toAtLeast: 6) },
    OpCase("images that need half a frame", [[1, 2, 7, 4]]) { $0[0].padded(toAtLeast: 5) },
    OpCase("selected rows", [[6, 3]]) { $0[0].selected(along: 0, at: IndexTensor([5, 0, 5, 2])) },
    OpCase("selected columns", [[2, 3, 4]]) { $0[0].selected(along: -2, at: IndexTensor([2, 2, 0])) },
    OpCase("selected none", [[6, 3]]) { $0[0].selected(along: 0, at: IndexTensor([])) },
    OpCase("embedding", [[10, 4]]) { embedding($0[0], IndexTensor([1, 9, 1, 0, 3, 1], shape: [2, 3])) },
    OpCase("gather along 1", [[3, 5]]) { gather($0[0], along: 1, at: places([3, 4], below: 5)) },
    OpCase("gather along 0", [[3, 5]]) { gather($0[0], along: 0, at: places([4, 5], below: 3)) },
    OpCase("gather of a corner", [[3, 4, 5]]) { gather($0[0], along: 1, at: places([2, 7, 3], below: 4)) },
    OpCase("gather none", [[3, 5]]) { gather($0[0], along: 1, at: places([3, 0], below: 5)) },
    OpCase("scatterAdd", [[3, 5], [3, 4]]) {
      scatterAdd($0[0], along: 1, at: places([3, 4], below: 5), $0[1])
    },
    OpCase("scatterAdd into a corner", [[3, 4, 5], [2, 7, 6]]) {
      scatterAdd($0[0], along: 1, at: places([2, 7, 3], below: 4), $0[1])
    },
    OpCase("scatterAdd of a constant", [[3, 5], [3, 4]], by: [0]) {
      scatterAdd($0[0], along: -1, at: places([3, 4], below: 5), $0[1])
    },
  ]

  private static func places(_ shape: Shape, below size: Int) -> IndexTensor {
    IndexTensor((0..<shape.elementCount).map { Int32(($0 * 7 + 3) % size) }, shape: shape)
  }
}
