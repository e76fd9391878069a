import Engine
import Utils

extension BenchCase {
  /// Two graph convolutions (Kipf and Welling 2017) on a graph of Cora's size: 2,708 nodes with 1,433 features, of which
  /// 1.27 % are 1, 5,278 edges, 16 hidden features, 7 classes; dropout 0.5 before each; Adam at 0.001.
  static let gcn = BenchCase(
    name: "gcn", batch: 2708,
    operations: 2 * (2 * 2708 * 1433 * 16 + 3 * 2708 * 16 * 7 + 2 * 13264 * (16 + 7))
  ) { random in
    let (nodes, edges) = (2708, 5278)
    var entries = (0..<nodes).map { (row: $0, column: $0, value: Float(0.2)) }
    for _ in 0..<edges {
      let (a, b) = (random.index(below: nodes), random.index(below: nodes))
      entries += [(a, b, 0.2), (b, a, 0.2)]
    }
    let adjacency = SparseMatrix(rows: nodes, columns: nodes, entries: entries)
    let features = Tensor(shape: [nodes, 1433]) { x in
      for i in 0..<x.count { x[i] = random.uniform() < 0.0127 ? 1 : 0 }
    }
    let labels = IndexTensor((0..<nodes).map { _ in Int32(random.index(below: 7)) })
    let model = GraphConvolutions(adjacency, using: &random)
    let optimizer = Adam(model.parameters(), learningRate: 0.001)
    return training(optimizer) { crossEntropy(model(features), labels) }
  }
}

/// relu(A dropout(x) W1), then A dropout(h) W2.
private final class GraphConvolutions: Layer {
  let first, second: Linear
  private let adjacency: SparseMatrix

  init(_ adjacency: SparseMatrix, using random: inout RandomStream) {
    self.adjacency = adjacency
    first = Linear(1433, 16, bias: false, using: &random)
    second = Linear(16, 7, bias: false, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [nodes, 1433] to [nodes, 7]
    let h = relu(matmul(adjacency, first(dropout(x, 0.5))))
    return matmul(adjacency, second(dropout(h, 0.5)))
  }
}
