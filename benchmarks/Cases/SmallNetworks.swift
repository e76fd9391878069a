import Engine
import Utils

extension BenchCase {
  /// One layer from 4 features to 3 classes: what a step costs beside arithmetic.
  static let perceptron = classification(
    "perceptron", batch: 150, inputs: [4], classes: 3, operations: 2 * 2 * 150 * 4 * 3
  ) { random in Linear(4, 3, using: &random) }

  /// 784-128-10 with ReLU: MNIST's first network.
  static let mlp = classification(
    "mlp", batch: 64, inputs: [784], classes: 10, operations: 2 * 64 * (2 * 784 * 128 + 3 * 128 * 10)
  ) { random in
    Sequential(Linear(784, 128, using: &random), ReLU(), Linear(128, 10, using: &random))
  }
}
