import Engine
import Utils

/// A hash of the result and of every gradient of many operations, to see what depends on the number of threads.
enum Fingerprints {
  /// Prints a line for each operation: its name, then a hash of the result (y) and of the gradient of each input.
  static func printAll() {
    var random = RandomStream(seed: 1, purpose: "fingerprints")
    for (name, shapes, compute) in products + convolutions + others {
      let inputs = shapes.map { Tensor.normal(shape: $0, using: &random) }
      let upstream = Tensor.normal(shape: compute(inputs).shape, using: &random)
      let (y, gradients) = valueAndGradients(at: inputs, upstream: upstream, compute)
      let all = ["y \(hash(y))"] + gradients.enumerated().map { "d\($0) \($1.map(hash) ?? "none")" }
      print(
        name + " " + shapes.map(\.description).joined(separator: " ") + ": " + all.joined(separator: "  "))
    }
  }

  private typealias Case = (name: String, shapes: [Shape], compute: ([Tensor]) -> Tensor)

  private static var products: [Case] {
    let product = { (x: [Tensor]) in matmul(x[0], x[1]) }
    let layer = { (x: [Tensor]) in linear(x[0], x[1], x[2]) }
    return [
      ("matmul", [[512, 512], [512, 512]], product), ("matmul", [[64, 100_000], [100_000, 64]], product),
      ("matmul", [[64, 128, 64], [64, 64, 128]], product),
      ("linear", [[4096, 256], [300, 256], [300]], layer),
      ("linear", [[128, 784], [2048, 784], [2048]], layer),
      ("linear", [[2048, 128], [1024, 128], [1024]], layer),
    ]
  }

  private static var convolutions: [Case] {
    let walks: [(x: Shape, w: Shape, stride: Int, padding: Int, groups: Int)] = [
      ([32, 64, 28, 28], [64, 64, 3, 3], 1, 1, 1), ([5, 17, 19, 23], [33, 17, 3, 3], 1, 1, 1),
      ([1, 64, 56, 56], [64, 64, 3, 3], 1, 1, 1), ([16, 64, 28, 28], [128, 64, 1, 1], 1, 0, 1),
      ([8, 3, 112, 112], [64, 3, 7, 7], 2, 3, 1), ([64, 1, 28, 28], [6, 1, 5, 5], 1, 2, 1),
      ([8, 64, 28, 28], [64, 16, 3, 3], 1, 1, 4), ([8, 96, 28, 28], [96, 1, 7, 7], 1, 3, 96),
    ]
    return walks.map { walk in
      (
        "conv2d", [walk.x, walk.w, [walk.w[0]]],
        { x in
          conv2d(x[0], x[1], x[2], stride: walk.stride, padding: walk.padding, groups: walk.groups)
        }
      )
    }
  }

  private static var others: [Case] {
    let (image, rows): (Shape, Shape) = ([32, 64, 28, 28], [4096, 1000])
    let heads: Shape = [8, 8, 256, 64]
    return [
      ("batchNorm", [image, [64], [64]], { batchNorm($0[0], $0[1], $0[2]).output }),
      ("groupNorm", [image, [64], [64]], { groupNorm($0[0], groups: 8, $0[1], $0[2]) }),
      ("layerNorm", [[4096, 256], [256], [256]], { layerNorm($0[0], $0[1], $0[2]) }),
      ("maxPool2d", [image], { maxPool2d($0[0], 3, stride: 2, padding: 1) }),
      ("avgPool2d", [image], { avgPool2d($0[0], 3, stride: 2) }), ("softmax", [rows], { softmax($0[0]) }),
      ("relu", [rows], { relu($0[0]) }), ("gelu", [rows], { gelu($0[0]) }), ("sum", [rows], { $0[0].sum() }),
      ("add", [rows, [1000]], { $0[0] + $0[1] }), ("multiply", [rows, rows], { $0[0] * $0[1] }),
      ("attention", [heads, heads, heads], { scaledDotProductAttention($0[0], $0[1], $0[2]) }),
      (
        "lstm", [[64, 32, 128], [1024, 128], [1024, 256]],
        { lstm($0[0], RecurrentWeights(input: $0[1], hidden: $0[2])).output }
      ),
    ]
  }

  /// FNV-1a over the bits of the numbers.
  private static func hash(_ x: Tensor) -> String {
    let all = x.elements.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3
    }
    return String(all, radix: 16)
  }
}
