import Testing
import Utils

@testable import Engine

/// A network with everything that is hard to find: a part that is no layer of a `Sequential`, parameters of its own, a
/// branch, layers without parameters.
private final class Branched: Layer {
  let stem: Sequential
  let block: Block
  let scale: Parameter
  let extra: Linear?
  let fc: Linear

  final class Block: Layer {
    let branches: [Conv2d]
    init(using random: inout RandomStream) {
      branches = [
        Conv2d(4, 2, kernel: 1, using: &random),
        Conv2d(4, 6, kernel: 3, padding: 1, groups: 2, using: &random),
      ]
    }
    func callAsFunction(_ x: Tensor) -> Tensor {
      relu(concatenate([branches[0](x), branches[1](x)], along: 1))
    }
  }

  init(using random: inout RandomStream) {
    stem = Sequential(
      Conv2d(3, 4, kernel: 3, stride: 2, padding: 1, using: &random), BatchNorm2d(4), ReLU(), MaxPool2d(2))
    block = Block(using: &random)
    scale = Parameter(Tensor(repeating: 1, shape: [8]))
    extra = nil
    fc = Linear(8, 5, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let x = adaptiveAvgPool2d(maxPool2d(block(stem(x)), 2), 1).flattened(from: 1)
    return fc(x * scale.value)
  }
}

@Suite("Network summary") struct NetworkSummaryTests {
  private func branched() -> NetworkSummary {
    var random = RandomStream(seed: 1)
    return NetworkSummary(of: Branched(using: &random), input: [3, 16, 16])
  }

  @Test("every module has its name, type, output, parameters and multiply-adds")
  func modules() {
    let expected: [NetworkSummary.Row] = [
      row("", "Branched", 0, [5], 297, 8808), row("stem", "Sequential", 1, [4, 4, 4], 120, 6912),
      row("stem.0", "Conv2d", 2, [4, 8, 8], 112, 6912),  // 4 x 8 x 8 outputs of 3 x 3 x 3 products
      row("stem.1", "BatchNorm2d", 2, [4, 8, 8], 8, 0), row("stem.2", "ReLU", 2, [4, 8, 8], 0, 0),
      row("stem.3", "MaxPool2d", 2, [4, 4, 4], 0, 0), row("block", "Block", 1, [8, 4, 4], 124, 1856),
      row("block.branches.0", "Conv2d", 2, [2, 4, 4], 10, 128),
      row("block.branches.1", "Conv2d", 2, [6, 4, 4], 114, 1728),  // in two groups of 2 channels
      row("fc", "Linear", 1, [5], 45, 40),
    ]
    let rows = branched().rows
    #expect(rows == expected)
  }

  private func row(
    _ name: String, _ type: String, _ depth: Int, _ output: [Int], _ parameters: Int, _ multiplyAdds: Int
  ) -> NetworkSummary.Row {
    NetworkSummary.Row(
      name: name, type: type, depth: depth, output: output, parameters: parameters, multiplyAdds: multiplyAdds
    )
  }

  @Test("attention counts the scores and the weighted values beside the projections")
  func attention() {
    var random = RandomStream(seed: 2)
    let layer = TransformerEncoderLayer(16, heads: 2, inner: 32, using: &random)
    final class Encoder: Layer {
      let layer: TransformerEncoderLayer
      init(_ layer: TransformerEncoderLayer) { self.layer = layer }
      func callAsFunction(_ x: Tensor) -> Tensor { layer(x) }
    }
    let summary = NetworkSummary(of: Encoder(layer), input: [7, 16])
    let (projections, scores, perceptron) = (7 * 16 * 64, 2 * 7 * 7 * 16, 2 * 7 * 16 * 32)
    let attention = summary.rows.first { $0.name == "layer.self_attn" }
    #expect(attention?.multiplyAdds == projections + scores)
    #expect(summary.multiplyAdds == projections + scores + perceptron)
  }

  @Test("the table shows the tree as deep as asked, and the totals")
  func table() {
    let summary = branched()
    let whole = summary.table(name: "branched")
    #expect(whole.contains("\n    stem.0            Conv2d       4x8x8"))
    #expect(whole.contains("multiply-adds  8,808 for one sample of 3x16x16: 8.81 k"))
    #expect(whole.contains("parameters     297, as 32-bit numbers 1.19 kB"))
    let short = summary.table(name: "branched", depth: 1)
    #expect(short.contains("  block") && !short.contains("stem.0"))
  }

  @Test("JSON keeps all of it, and nothing else is taken for a summary")
  func json() throws {
    let summary = branched()
    #expect(NetworkSummary(json: try JSONValue(parsing: summary.json.text())) == summary)
    #expect(NetworkSummary(json: ["modules": []]) == nil)
    #expect(NetworkSummary(json: nil) == nil)
  }
}
