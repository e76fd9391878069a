import Utils

@testable import Engine

/// One op with inputs for it: what the gradient is checked on, and what both sets of kernels compute.
struct OpCase: Sendable, CustomStringConvertible {
  let name: String
  /// The shapes of the inputs.
  let shapes: [Shape]
  /// Which inputs are differentiated by.
  let differentiated: [Int]
  /// Which numbers an input may have, so that none lies near a kink or outside of the domain.
  let range: Numbers
  let compute: @Sendable ([Tensor]) -> Tensor

  enum Numbers: Sendable {
    case any
    /// At least 0.3 away from 0.
    case awayFromZero
    /// At least 0.3.
    case positive
    /// All numbers of a tensor 0.05 apart from each other: the largest stays the largest.
    case distinct
  }

  init(
    _ name: String, _ shapes: [Shape], by differentiated: [Int]? = nil, _ range: Numbers = .any,
    _ compute: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.shapes = shapes
    self.differentiated = differentiated ?? Array(shapes.indices)
    self.range = range
    self.compute = compute
  }

  var description: String { "\(name) \(shapes)" }

  /// The same inputs each time.
  var inputs: [Tensor] {
    var random = RandomStream(seed: 3, purpose: name)
    return shapes.map { shape in
      let order = random.permutation(of: shape.elementCount)
      return Tensor(
        order.map { place -> Float in
          let x = Float(random.normal())
          return switch range {
          case .any: x
          case .awayFromZero: x + (x < 0 ? -0.3 : 0.3)
          case .positive: Swift.abs(x) + 0.3
          case .distinct: 0.05 * Float(place) - 1
          }
        }, shape: shape)
    }
  }

  /// Ops as they are used, small, odd and empty.
  static let all: [OpCase] = [
    unary, binary, twice, reductions, empty, products, rows, crossEntropies, views, functions,
    viewsAndIndices, losses, spatial, dropping, sequences, sparseProducts,
  ].flatMap { $0 }

  static let unary: [OpCase] = ([[3, 5], [1], [], [0, 4], [17]] as [Shape]).flatMap(unary)

  static func unary(_ shape: Shape) -> [OpCase] {
    [
      OpCase("negate", [shape]) { -$0[0] }, OpCase("abs", [shape], .awayFromZero) { abs($0[0]) },
      OpCase("square", [shape]) { square($0[0]) }, OpCase("sqrt", [shape], .positive) { sqrt($0[0]) },
      OpCase("exp", [shape]) { exp($0[0]) }, OpCase("log", [shape], .positive) { log($0[0]) },
      OpCase("relu", [shape], .awayFromZero) { relu($0[0]) }, OpCase("sigmoid", [shape]) { sigmoid($0[0]) },
      OpCase("tanh", [shape]) { tanh($0[0]) }, OpCase("x + 2", [shape]) { $0[0] + 2 },
      OpCase("x - 2", [shape]) { $0[0] - 2 }, OpCase("2 - x", [shape]) { 2 - $0[0] },
      OpCase("x * 3", [shape]) { $0[0] * 3 }, OpCase("3 * x", [shape]) { 3 * $0[0] },
      OpCase("x / 3", [shape]) { $0[0] / 3 },
    ]
  }

  /// Pairs of shapes that meet in every way.
  static let pairs: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([], []), ([1], []), ([3, 4], []), ([], [3, 4]), ([5, 1], [1, 7]),
    ([3, 1, 4], [2, 1]),
    ([2, 3, 4], [4]), ([4], [2, 3, 4]), ([2, 3, 4], [3, 1]), ([2, 3, 4], [1, 3, 1]), ([2, 3, 1], [2, 1, 4]),
    ([2, 1, 3, 1], [5, 1, 4]), ([0, 4], [4]), ([3, 0], [3, 1]), ([1, 4], [0, 4]), ([1], [3]), ([1, 1], [1]),
  ]

  static let binary: [OpCase] = pairs.flatMap(binary)

  static func binary(_ a: Shape, _ b: Shape) -> [OpCase] {
    [
      OpCase("+", [a, b]) { $0[0] + $0[1] }, OpCase("-", [a, b]) { $0[0] - $0[1] },
      OpCase("*", [a, b]) { $0[0] * $0[1] }, OpCase("/", [a, b], .awayFromZero) { $0[0] / $0[1] },
      OpCase("* by the first", [a, b], by: [0]) { $0[0] * $0[1] },
      OpCase("/ by the second", [a, b], by: [1], .awayFromZero) { $0[0] / $0[1] },
    ]
  }

  static let twice: [OpCase] = [
    OpCase("x used twice", [[3, 4]]) { $0[0] * $0[0] + $0[0] },
    OpCase("x used twice, broadcast", [[3, 1], [3, 4]]) { ($0[0] + $0[1]) * $0[0] },
  ]

  static let reductions: [OpCase] = ([[2, 3, 5], [7], [1, 1], [4, 1, 3]] as [Shape]).flatMap { shape in
    reductions(shape) + shape.indices.flatMap { reductions(shape, over: $0) }
  }

  static func reductions(_ shape: Shape) -> [OpCase] {
    [
      OpCase("sum", [shape]) { $0[0].sum() }, OpCase("mean", [shape]) { $0[0].mean() },
      OpCase("max of all", [shape], .distinct) { $0[0].flattened().max(over: 0) },
    ]
  }

  static func reductions(_ shape: Shape, over dimension: Int) -> [OpCase] {
    let fromTheEnd = dimension - shape.count
    return [
      OpCase("sum over \(dimension)", [shape]) { $0[0].sum(over: dimension) },
      OpCase("sum over \(dimension), kept", [shape]) { $0[0].sum(over: dimension, keepingDimension: true) },
      OpCase("mean over \(dimension)", [shape]) { $0[0].mean(over: dimension) },
      OpCase("mean over \(fromTheEnd)", [shape]) { $0[0].mean(over: fromTheEnd) },
      OpCase("max over \(dimension)", [shape], .distinct) { $0[0].max(over: dimension) },
      OpCase("max over \(dimension), kept", [shape], .distinct) {
        $0[0].max(over: dimension, keepingDimension: true)
      },
    ]
  }

  static let empty: [OpCase] = [
    OpCase("sum of none", [[0, 3]]) { $0[0].sum() },
    OpCase("sum over none", [[0, 3]]) { $0[0].sum(over: 0) },
    OpCase("sum of a scalar", [[]]) { $0[0].sum() },
  ]

  static let sizes = [
    (1, 1, 1), (3, 5, 4), (1, 7, 3), (13, 1, 11), (17, 13, 19), (0, 3, 2), (3, 2, 0), (40, 30, 20),
  ]

  static let products: [OpCase] =
    sizes.flatMap(products) + [
      OpCase("linear of one vector", [[5], [3, 5], [3]]) { linear($0[0], $0[1], $0[2]) }
    ]

  static func products(_ m: Int, _ n: Int, _ k: Int) -> [OpCase] {
    let (a, b, weight, bias): (Shape, Shape, Shape, Shape) = ([m, k], [k, n], [n, k], [n])
    return [
      OpCase("matmul", [a, b]) { matmul($0[0], $0[1]) },
      OpCase("matmul of a constant", [a, b], by: [1]) { matmul($0[0], $0[1]) },
      OpCase("linear", [a, weight, bias]) { linear($0[0], $0[1], $0[2]) },
      OpCase("linear of data", [a, weight, bias], by: [1, 2]) { linear($0[0], $0[1], $0[2]) },
      OpCase("linear without bias", [a, weight]) { linear($0[0], $0[1]) },
      OpCase("linear with more dimensions", [[2, m, k], weight, bias]) { linear($0[0], $0[1], $0[2]) },
    ]
  }

  static let rows: [OpCase] = ([[1, 1], [4, 3], [2, 3, 5], [7], [3, 33], [0, 3]] as [Shape]).flatMap(rows)

  static func rows(_ shape: Shape) -> [OpCase] {
    [
      OpCase("softmax", [shape]) { softmax($0[0]) }, OpCase("logSoftmax", [shape]) { logSoftmax($0[0]) },
      OpCase("binary cross entropy", [shape]) { x in
        let targets = (0..<x[0].count).map { Float($0 % 3) / 2 }
        return binaryCrossEntropyWithLogits(x[0], Tensor(targets, shape: x[0].shape))
      },
    ]
  }

  static let sparseProducts = [sparseProduct([6, 1]), sparseProduct([6, 7]), sparseProduct([6, 33])]

  static func sparseProduct(_ shape: Shape) -> OpCase {
    let entries = (0..<9).map { i -> (row: Int, column: Int, value: Float) in
      (i * 5 % 4, i * 7 % 6, Float(i) - 3.5)
    }
    let matrix = SparseMatrix(rows: 4, columns: 6, entries: entries)
    return OpCase("sparse matmul", [shape]) { x in matmul(matrix, x[0]) }
  }

  static let crossEntropies: [OpCase] = [(1, 1), (1, 3), (5, 2), (9, 10), (3, 40)].map { samples, classes in
    OpCase("cross entropy", [[samples, classes]]) { x in
      let labels = (0..<samples).map { Int32(($0 * 7 + 1) % classes) }
      return crossEntropy(x[0], IndexTensor(labels))
    }
  }

  static let dropping: [OpCase] = ([[3, 5], [70], [2, 3, 11], [0, 4]] as [Shape]).flatMap { shape in
    [
      OpCase("dropout", [shape]) { x in training { dropout(x[0], 0.4) } },
      OpCase("dropout twice", [shape]) { x in training { dropout(dropout(x[0], 0.2) * 2, 0.2) } },
      OpCase("stochastic depth", [shape]) { x in training { stochasticDepth(x[0], 0.4) } },
      OpCase("stochastic depth of a batch", [shape]) { x in
        training { stochasticDepth(x[0], 0.4, mode: .batch) }
      },
    ]
  }

  static func training<Result>(_ body: () -> Result) -> Result {
    withMode(.training, randomness: Randomness(seed: 1, step: 1), body)
  }

  static let views: [OpCase] = [
    OpCase("reshaped", [[3, 4]]) { $0[0].reshaped(to: [2, 1, 6]) },
    OpCase("reshaped, empty", [[3, 0]]) { $0[0].reshaped(to: [0, 7]) },
    OpCase("flattened", [[2, 3, 4]]) { $0[0].flattened() },
    OpCase("flattened from 1", [[2, 3, 4]]) { $0[0].flattened(from: 1) },
    OpCase("flattened from the end", [[2, 3]]) { $0[0].flattened(from: 2) },
    OpCase("transposed", [[3, 5]]) { $0[0].transposed() },
    OpCase("transposed, 1 row", [[1, 4]]) { $0[0].transposed() },
    OpCase("a network", [[5, 4], [6, 4], [6], [3, 6], [3]], by: [1, 2, 3, 4]) { x in
      crossEntropy(linear(tanh(linear(x[0], x[1], x[2])), x[3], x[4]), IndexTensor([0, 1, 2, 1, 0]))
    },
  ]
}
