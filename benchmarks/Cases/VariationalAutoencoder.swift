import Engine
import Utils

extension BenchCase {
  /// A variational autoencoder of 784-400-20-400-784 on pictures of MNIST's size.
  static let vae = BenchCase(name: "vae", batch: 128, operations: 0.419_84e9) { random in
    let model = VariationalAutoencoder(using: &random)
    let x = Tensor.uniform(0..<1, shape: [128, 784], using: &random)
    var noise = random
    return training(adam(model.parameters())) {
      let (picture, mean, logVariance) = model(x, noise: .normal(shape: [128, 20], using: &noise))
      let divergence = (logVariance + 1 - square(mean) - exp(logVariance)).sum() * -0.5
      return binaryCrossEntropy(picture, x, reduction: .sum) + divergence
    }
  }
}

/// Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, appendix C.
private final class VariationalAutoencoder: Module {
  let encoder, mean, logVariance: Linear
  let decoder, output: Linear

  init(using random: inout RandomStream) {
    encoder = Linear(784, 400, using: &random)
    mean = Linear(400, 20, using: &random)
    logVariance = Linear(400, 20, using: &random)
    decoder = Linear(20, 400, using: &random)
    output = Linear(400, 784, using: &random)
  }

  /// The picture that comes back from `x` [N, 784] through a sample with this noise [N, 20].
  func callAsFunction(_ x: Tensor, noise: Tensor) -> (picture: Tensor, mean: Tensor, logVariance: Tensor) {
    let h = relu(encoder(x))
    let (mean, logVariance) = (mean(h), logVariance(h))
    let z = mean + noise * exp(logVariance / 2)
    return (sigmoid(output(relu(decoder(z)))), mean, logVariance)
  }
}
