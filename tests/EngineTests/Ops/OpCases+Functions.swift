@testable import Engine

/// Functions of one number and of two, choices between tensors, statistics and softmax over any dimension.
extension OpCase {
  static let functions: [OpCase] =
    ([[3, 5], [], [0, 4], [17]] as [Shape]).flatMap(functions) + pairs.flatMap(choices)
    + ([[2, 3, 5], [7, 1], [4, 1, 3]] as [Shape]).flatMap(statistics) + lines + batchedProducts

  private static func functions(_ shape: Shape) -> [OpCase] {
    [
      OpCase("reciprocal", [shape], .awayFromZero) { reciprocal($0[0]) },
      OpCase("reciprocalSqrt", [shape], .positive) { reciprocalSqrt($0[0]) },
      OpCase("log1p", [shape], .positive) { log1p($0[0]) }, OpCase("sin", [shape]) { sin($0[0]) },
      OpCase("cos", [shape]) { cos($0[0]) }, OpCase("atan", [shape]) { atan($0[0]) },
      OpCase("erf", [shape]) { erf($0[0]) }, OpCase("silu", [shape]) { silu($0[0]) },
      OpCase("softplus", [shape]) { softplus($0[0]) }, OpCase("mish", [shape]) { mish($0[0]) },
      OpCase("gelu", [shape]) { gelu($0[0]) }, OpCase("geluTanh", [shape]) { geluTanh($0[0]) },
      OpCase("hardswish", [shape]) { hardswish($0[0]) },
      OpCase("hardswish, wide", [shape], .awayFromZero) { hardswish($0[0] * 10) },
      OpCase("leakyRelu", [shape], .awayFromZero) { leakyRelu($0[0], slope: 0.2) },
      OpCase("elu", [shape], .awayFromZero) { elu($0[0], alpha: 1.3) },
      OpCase("selu", [shape], .awayFromZero) { selu($0[0]) },
      OpCase("pow", [shape], .positive) { pow($0[0], 2.7) },
      OpCase("pow, below 0", [shape], .awayFromZero) { pow($0[0], 3) },
      OpCase("clamp", [shape], .distinct) { clamp($0[0], lower: -0.52, upper: -0.08) },
      OpCase("clamp, one side", [shape], .distinct) { clamp($0[0], upper: -0.52) },
    ]
  }

  private static func choices(_ a: Shape, _ b: Shape) -> [OpCase] {
    [
      OpCase("maximum", [a, b], .distinct) { maximum($0[0], $0[1]) },
      OpCase("minimum", [a, b], .distinct) { minimum($0[0], $0[1]) },
      OpCase("minimum by the second", [a, b], by: [1], .distinct) { minimum($0[0], $0[1]) },
      OpCase("select", [a, b], .distinct) { x in
        select(x[0], where: Mask(of: x[1].detached()) { $0 < -0.83 }, else: x[1])
      },
      OpCase("filled", [a], .distinct) { x in x[0].filled(with: 3, where: Mask(of: x[0]) { $0 < -0.83 }) },
    ]
  }

  private static func statistics(_ shape: Shape) -> [OpCase] {
    let all = Array(shape.indices)
    let several: [[Int]] = [[], [0], [-1], [0, shape.count - 1], all]
    return several.flatMap { dimensions in
      [
        OpCase("sum over \(dimensions)", [shape]) { $0[0].sum(over: dimensions) },
        OpCase("mean over \(dimensions), kept", [shape]) {
          $0[0].mean(over: dimensions, keepingDimensions: true)
        },
        OpCase("norm over \(dimensions)", [shape], .awayFromZero) { $0[0].norm(over: dimensions) },
        OpCase("variance over \(dimensions), biased", [shape]) {
          $0[0].variance(over: dimensions, unbiased: false, keepingDimensions: true)
        },
      ]
    } + [
      OpCase("variance", [shape]) { $0[0].variance(over: all) },
      OpCase("standardDeviation", [shape], .distinct) { $0[0].standardDeviation(over: all) },
    ]
  }

  /// What runs along one dimension, each of them in turn.
  private static let lines: [OpCase] = ([[2, 3, 5], [7], [4, 1, 3]] as [Shape]).flatMap { shape in
    shape.indices.flatMap { dimension in
      [
        OpCase("min over \(dimension)", [shape], .distinct) { $0[0].min(over: dimension) },
        OpCase("logSumExp over \(dimension)", [shape]) { $0[0].logSumExp(over: dimension) },
        OpCase("logSumExp over \(dimension), kept", [shape]) {
          $0[0].logSumExp(over: dimension - shape.count, keepingDimension: true)
        },
        OpCase("cumulativeSum along \(dimension)", [shape]) { $0[0].cumulativeSum(along: dimension) },
        OpCase("softmax over \(dimension)", [shape]) { softmax($0[0], over: dimension) },
        OpCase("logSoftmax over \(dimension)", [shape]) { logSoftmax($0[0], over: dimension) },
        OpCase("sorted along \(dimension)", [shape], .distinct) { $0[0].sorted(along: dimension).values },
        OpCase("topK along \(dimension)", [shape], .distinct) { $0[0].topK(1, along: dimension).values },
        OpCase("topK along \(dimension), smallest", [shape], .distinct) {
          $0[0].topK(shape[dimension], along: dimension, largest: false).values
        },
      ]
    }
  }

  private static let batchedProducts: [OpCase] = [
    ([2, 3, 4, 6], [2, 3, 6, 5]), ([2, 3, 4, 6], [3, 6, 5]), ([3, 4, 6], [2, 1, 6, 5]), ([4, 6], [3, 6, 2]),
    ([2, 3, 6], [6, 5]), ([3, 6], [6]), ([6], [6, 4]), ([6], [6]), ([2, 3, 6], [6]), ([6], [2, 6, 3]),
    ([0, 3, 6], [6, 5]), ([0, 3, 6], [0, 6, 5]), ([2, 3, 0], [2, 0, 5]), ([3, 20, 16], [3, 16, 18]),
  ].flatMap { (a: Shape, b: Shape) in
    [
      OpCase("matmul", [a, b]) { matmul($0[0], $0[1]) },
      OpCase("matmul of a constant", [a, b], by: [1]) { matmul($0[0], $0[1]) },
    ]
  }
}
