import Engine
import Utils

/// A piece of work that is timed: one training step of a network on data that are made up.
struct BenchCase: Sendable {
  /// One step, which gives its loss.
  typealias Step = () -> Float
  /// Builds network, data and optimiser.
  typealias Preparation = @Sendable (inout RandomStream) -> Step

  /// The name, which the peer script uses too.
  let name: String
  /// Samples a step.
  let batch: Int
  /// Floating-point operations of a step that no implementation can avoid.
  ///
  /// Counted are convolutions and matrix products: forward, by their weights and by their inputs, the padding as if it
  /// were multiplied; not the gradient by the data, nor what feeds frozen parameters only.
  let operations: Double
  /// What is timed.
  let prepare: Preparation
  /// The same network on so little that the reference kernels take seconds; nil where what is timed is that little.
  let check: Preparation?

  init(
    name: String, batch: Int, operations: Double, check: Preparation? = nil, prepare: @escaping Preparation
  ) {
    self.name = name
    self.batch = batch
    self.operations = operations
    self.prepare = prepare
    self.check = check
  }

  /// Every case, in the order of the peer script.
  static let all: [BenchCase] = [
    .perceptron, .mlp, .lenet5, .smallCNN, .vgg11, .resNet20, .resNet18, .resNet18Inference, .resNet50,
    .resNet50Inference, .convNeXtTiny, .convNeXtCBAMWide, .threeStreamResNet50, .loraResNet50, .captionTriple,
    .captionLoRA, .lstm, .gru,
    .gpt, .gptDrop, .gcn, .vae, .dcgan, .unet, .ddpm,
  ]

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
  /// Makes an optimiser of a network's parameters.
  typealias MakeOptimizer = @Sendable ([(name: String, parameter: Parameter)]) -> any Optimizer

  /// SGD with momentum 0.9 at a rate of 0.01.
  static let sgd: MakeOptimizer = { SGD($0, learningRate: 0.01, momentum: 0.9) }
  /// Adam at a rate of 0.001.
  static let adam: MakeOptimizer = { Adam($0, learningRate: 1e-3) }
  /// AdamW at a rate of 0.001.
  static let adamW: MakeOptimizer = { AdamW($0, learningRate: 1e-3) }

  /// A case that classifies made-up samples with a network and cross entropy.
  ///
  /// - Parameter small: batch and shape of the samples for the check, where the reference kernels would take long.
  static func classification(
    _ name: String, batch: Int, inputs: Shape, classes: Int, operations: Double,
    small: (batch: Int, inputs: Shape)? = nil, optimizer: @escaping MakeOptimizer = sgd,
    network: @escaping @Sendable (inout RandomStream) -> any Layer
  ) -> BenchCase {
    let preparation = { @Sendable (batch: Int, inputs: Shape) -> Preparation in
      { random in
        let model = network(&random)
        let x = Tensor.normal(shape: Shape([batch] + inputs), using: &random)
        let y = labels(batch, below: classes, using: &random)
        return training(optimizer(model.parameters())) { crossEntropy(model(x), y) }
      }
    }
    return BenchCase(
      name: name, batch: batch, operations: operations, check: small.map { preparation($0.batch, $0.inputs) },
      prepare: preparation(batch, inputs))
  }

  /// A case that classifies one made-up picture, and records nothing.
  static func inference(
    _ name: String, operations: Double, network: @escaping @Sendable (inout RandomStream) -> any Layer
  ) -> BenchCase {
    let preparation = { @Sendable (size: Int) -> Preparation in
      { random in
        let model = network(&random)
        let x = Tensor.normal(shape: [1, 3, size, size], using: &random)
        return { square(model(x)).mean().scalar }
      }
    }
    return BenchCase(
      name: name, batch: 1, operations: operations, check: preparation(64), prepare: preparation(224))
  }

  /// A training step: forward, backward and update; each drops others where the network drops at random.
  static func training(_ optimizer: any Optimizer, _ loss: @escaping () -> Tensor) -> Step {
    var steps = 0
    return {
      steps += 1
      let (value, gradients) = withMode(.training, randomness: Randomness(seed: 1, step: steps)) {
        valueAndGradients(loss)
      }
      optimizer.update(with: gradients)
      return value.scalar
    }
  }

  /// Classes at random.
  static func labels(_ count: Int, below classes: Int, using random: inout RandomStream) -> IndexTensor {
    IndexTensor((0..<count).map { _ in Int32(random.index(below: classes)) })
  }
}
