import Engine
import Utils

/// A piece of work that is timed: one training step of a network on data that are made up.
struct BenchCase: Sendable {
  /// The name, which the peer script uses too.
  let name: String
  /// Samples a step.
  let batch: Int
  /// Multiplications and additions of a step that no implementation can avoid, forward and backward.
  let operations: Double
  /// Builds network, data and optimiser; the closure that comes back runs one step and gives its loss.
  let prepare: @Sendable (inout RandomStream) -> () -> Float

  /// Every case, the smallest first.
  static let all: [BenchCase] = [.perceptron, .mlp, .gcn]

  /// The case that is called `name`.
  static func named(_ name: String) throws -> BenchCase {
    if let found = all.first(where: { $0.name == name }) { return found }
    let names = all.map(\.name)
    let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
    throw LabError(
      .usage, "--case \(name) is not known", remedy: near + "the cases are \(names.joined(separator: ", "))")
  }
}

extension BenchCase {
  /// A case that classifies made-up samples with a network, cross entropy, and SGD with momentum 0.9 at a rate of 0.01.
  static func classification(
    _ name: String, batch: Int, inputs: Shape, classes: Int, operations: Double,
    network: @escaping @Sendable (inout RandomStream) -> any Layer
  ) -> BenchCase {
    BenchCase(name: name, batch: batch, operations: operations) { random in
      let model = network(&random)
      let x = Tensor.normal(shape: Shape([batch] + inputs), using: &random)
      let labels = IndexTensor((0..<batch).map { _ in Int32(random.index(below: classes)) })
      let optimizer = SGD(model.parameters(), learningRate: 0.01, momentum: 0.9)
      return training(optimizer) { crossEntropy(model(x), labels) }
    }
  }

  /// A step of training that is repeated: each with random choices of its own.
  static func training(_ optimizer: any Optimizer, _ loss: @escaping () -> Tensor) -> () -> Float {
    var steps = 0
    return {
      steps += 1
      let (loss, gradients) = withMode(.training, randomness: Randomness(seed: 1, step: steps)) {
        valueAndGradients(loss)
      }
      optimizer.update(with: gradients)
      return loss.scalar
    }
  }
}
