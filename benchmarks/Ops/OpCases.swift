import Engine

extension OpCase {
  private static let cached: Shape = [256, 256]
  private static let large: Shape = [4096, 1024]

  /// Every row, by kind: one number at a time, two, rows, sums, losses, copies, updates, products.
  static let all: [OpCase] =
    functions + [
      .memory("add", cached, cached, forward: 3 << 16, backward: 2 << 16) { $0[0] + $0[1] },
      .memory("add", large, large, forward: 3 << 22, backward: 2 << 22) { $0[0] + $0[1] },
      .memory("add_bias", large, [1024], forward: 2 << 22, backward: 1 << 22) { $0[0] + $0[1] },
      .memory("multiply", large, large, forward: 3 << 22, backward: 6 << 22) { $0[0] * $0[1] },
      .memory("sum", large, forward: 1 << 22, backward: 1 << 22) { $0[0].sum() },
      .memory("sum_rows", large, forward: 1 << 22, backward: 1 << 22) { $0[0].sum(over: 1) },
      .memory("sum_columns", large, forward: 1 << 22, backward: 1 << 22) { $0[0].sum(over: 0) },
      .memory("softmax", cached, forward: 2 << 16, backward: 3 << 16) { softmax($0[0]) },
      .memory("softmax", large, forward: 2 << 22, backward: 3 << 22) { softmax($0[0]) },
      .memory("log_softmax", large, forward: 2 << 22, backward: 3 << 22) { logSoftmax($0[0]) },
      .memory("layer_norm", [2048, 384], [384], [384], forward: 2 * 2048 * 384, backward: 5 * 2048 * 384) {
        layerNorm($0[0], $0[1], $0[2])
      },
      .memory(
        "group_norm", [16, 64, 32, 32], [64], [64], forward: 2 << 20, backward: 5 << 20
      ) { groupNorm($0[0], groups: 8, $0[1], $0[2]) },
      .memory("cross_entropy", [150, 3], forward: 900, backward: 900) { crossEntropy($0[0], labels(150, 3)) },
      .memory("cross_entropy", [2048, 65], forward: 2 * 2048 * 65, backward: 2 * 2048 * 65) {
        crossEntropy($0[0], labels(2048, 65))
      },
      .memory("binary_cross_entropy", large, large, forward: 3 << 22, backward: 2 << 22) {
        binaryCrossEntropyWithLogits($0[0], $0[1].detached())
      },
      .memory("transpose", large, forward: 2 << 22, backward: 2 << 22) { $0[0].transposed() },
      .memory("permute", [8, 256, 6, 64], forward: 2 * 786_432, backward: 2 * 786_432) {
        $0[0].permuted(to: [0, 2, 1, 3])
      },
      .memory("concatenate", [2048, 384], [2048, 384], forward: 4 * 786_432, backward: 4 * 786_432) {
        concatenate($0, along: 1)
      },
      .memory("embedding", [65, 384], forward: 2 * 786_432, backward: 2 * 786_432) {
        embedding($0[0], labels(2048, 65))
      },
      .update("sgd", count: 1 << 22, numbers: 5) { SGD($0, learningRate: 0.01, momentum: 0.9) },
      .update("adam", count: 1 << 22, numbers: 7) { Adam($0, learningRate: 1e-3) },
      .update("adamw", count: 25_000_000, numbers: 7) { AdamW($0, learningRate: 1e-3) },
      .arithmetic("matmul", [150, 4], [4, 3], operations: 2 * 150 * 4 * 3) { matmul($0[0], $0[1]) },
      .arithmetic("matmul", [512, 512], [512, 512], operations: 2 << 27) { matmul($0[0], $0[1]) },
      .arithmetic("linear", [64, 784], [128, 784], [128], operations: 2 * 64 * 784 * 128) {
        linear($0[0], $0[1], $0[2])
      },
      .arithmetic(
        "conv2d", [8, 64, 28, 28], [64, 64, 3, 3], operations: 2 * 8 * 784 * 64 * 64 * 9
      ) { conv2d($0[0], $0[1], padding: 1) },
    ]

  /// Functions of one number, in the cache and outside of it.
  private static var functions: [OpCase] {
    let functions: [(name: String, function: @Sendable (Tensor) -> Tensor)] = [
      ("relu", { relu($0) }), ("gelu", { gelu($0) }), ("gelu_tanh", { geluTanh($0) }), ("silu", { silu($0) }),
      ("sigmoid", { sigmoid($0) }), ("tanh", { tanh($0) }), ("leaky_relu", { leakyRelu($0) }),
      ("exp", { exp($0) }),
    ]
    return functions.flatMap { name, function in
      [
        .memory(name, cached, forward: 2 << 16, backward: 3 << 16) { function($0[0]) },
        .memory(name, large, forward: 2 << 22, backward: 3 << 22) { function($0[0]) },
      ]
    }
  }

  private static func labels(_ count: Int, _ classes: Int) -> IndexTensor {
    IndexTensor((0..<count).map { Int32($0 * 7 % classes) })
  }
}
