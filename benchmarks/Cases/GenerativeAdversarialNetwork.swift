import Engine
import Utils

extension BenchCase {
  /// DCGAN on pictures of 64 x 64: one step of the discriminator, then one of the generator.
  static let dcgan: BenchCase = {
    let preparation = { @Sendable (batch: Int) -> Preparation in
      { random in
        let generator = generator(using: &random)
        let discriminator = discriminator(using: &random)
        let x = Tensor.normal(shape: [batch, 3, 64, 64], using: &random)
        let (real, made) = (
          Tensor(repeating: 1, shape: [batch, 1]), Tensor(repeating: 0, shape: [batch, 1])
        )
        let (learnsToMake, learnsToTell) = (adam(generator.parameters()), adam(discriminator.parameters()))
        var noise = random
        return {
          withMode(.training) {
            var telling = Tensor(0)
            let z = Tensor.normal(shape: [batch, 100, 1, 1], using: &noise)
            let (making, gradients) = valueAndGradients {
              let fake = generator(z)
              let (loss, gradients) = valueAndGradients {
                binaryCrossEntropyWithLogits(discriminator(x), real)
                  + binaryCrossEntropyWithLogits(discriminator(fake.detached()), made)
              }
              telling = loss
              learnsToTell.update(with: gradients)
              discriminator.freeze()  // it passes the gradient on and needs none of its own
              return binaryCrossEntropyWithLogits(discriminator(fake), real)
            }
            discriminator.unfreeze()
            learnsToMake.update(with: gradients)
            return telling.scalar + making.scalar
          }
        }
      }
    }
    return BenchCase(
      name: "dcgan", batch: 16, operations: 36.394e9, check: preparation(2), prepare: preparation(16))
  }()

  /// Noise [N, 100, 1, 1] to pictures [N, 3, 64, 64]; Radford, Metz, Chintala, "Unsupervised Representation Learning
  /// with Deep Convolutional Generative Adversarial Networks", 2016, §3 and figure 1, half as wide.
  private static func generator(using random: inout RandomStream) -> Sequential {
    var layers: [any Layer] = []
    var channels = 100
    for width in [512, 256, 128, 64] {
      let isFirst = layers.isEmpty
      layers += [
        ConvTranspose2d(
          channels, width, kernel: 4, stride: isFirst ? 1 : 2, padding: isFirst ? 0 : 1, bias: false,
          using: &random), BatchNorm2d(width), ReLU(),
      ]
      channels = width
    }
    return Sequential(
      layers + [
        ConvTranspose2d(64, 3, kernel: 4, stride: 2, padding: 1, bias: false, using: &random), Tanh(),
      ])
  }

  /// Pictures [N, 3, 64, 64] to one logit each, [N, 1]: positive for real ones.
  private static func discriminator(using random: inout RandomStream) -> Sequential {
    var layers: [any Layer] = [
      Conv2d(3, 64, kernel: 4, stride: 2, padding: 1, bias: false, using: &random), LeakyReLU(slope: 0.2),
    ]
    for width in [128, 256, 512] {
      layers += [
        Conv2d(width / 2, width, kernel: 4, stride: 2, padding: 1, bias: false, using: &random),
        BatchNorm2d(width), LeakyReLU(slope: 0.2),
      ]
    }
    return Sequential(layers + [Conv2d(512, 1, kernel: 4, bias: false, using: &random), Flatten()])
  }
}
