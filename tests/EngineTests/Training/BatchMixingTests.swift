import Testing
import Utils

@testable import Engine

@Suite("Mixup and CutMix")
struct BatchMixingTests {
  /// Twelve images of two channels, every number of image n being n.
  private let images = Batch(
    inputs: Tensor((0..<12 * 2 * 8 * 6).map { Float($0 / 96) }, shape: [12, 2, 8, 6]),
    labels: IndexTensor((0..<12).map { Int32($0 % 3) }), indices: Array(0..<12))

  @Test("mixup blends whole samples by one share")
  func mixup() {
    var random = RandomStream(seed: 4)
    let mixed = BatchMixing(mixup: 0.8)(images, using: &random)
    #expect((0...1).contains(mixed.share) && mixed.inputs.shape == images.inputs.shape)
    let x = mixed.inputs.elements
    for n in 0..<12 {
      let sample = Set(x[n * 96..<(n + 1) * 96])
      #expect(sample.count == 1)
      let partner = mixed.share == 1 ? Float(n) : (sample.first! - mixed.share * Float(n)) / (1 - mixed.share)
      #expect(Swift.abs(partner - partner.rounded()) < 1e-3)
      #expect(mixed.partnerLabels.elements[n] == Int32(partner.rounded()) % 3)
    }
  }

  @Test("cutmix exchanges one box, and the share is what is left of the image")
  func cutmix() {
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let mixed = BatchMixing(cutmix: 1)(images, using: &random)
      let x = mixed.inputs.elements
      for n in 0..<12 {
        let foreign = x[n * 96..<(n + 1) * 96].count { $0 != Float(n) }
        let partner = x[n * 96..<(n + 1) * 96].first { $0 != Float(n) }
        if let partner {
          #expect(Swift.abs(Float(96 - foreign) / 96 - mixed.share) < 1e-6)
          #expect(mixed.partnerLabels.elements[n] == Int32(partner) % 3)
        }
      }
    }
  }

  @Test("the loss against both classes is the cross entropy against soft targets")
  func loss() throws {
    var random = RandomStream(seed: 9)
    let mixed = BatchMixing(mixup: 0.4, cutmix: 1)(images, using: &random)
    let logits = Tensor.normal(shape: [12, 3], using: &random)
    let (both, soft) = (
      valueAndGradients(at: [logits]) { mixed.loss(.crossEntropy, of: $0[0]) },
      valueAndGradients(at: [logits]) { crossEntropy($0[0], probabilities: mixed.targets(classes: 3)) }
    )
    #expect(isClose(both.value.elements, soft.value.elements, 1e-6))
    #expect(isClose(try #require(both.gradients[0]).elements, try #require(soft.gradients[0]).elements, 1e-6))
    let (hard, smooth) = (
      crossEntropy(logits, images.labels, smoothing: 0.1),
      crossEntropy(logits, probabilities: MixedBatch(images).targets(classes: 3), smoothing: 0.1)
    )
    #expect(isClose(hard.elements, smooth.elements, 1e-6))
    let teacher = crossEntropy(
      Tensor([1, 2, 0.5], shape: [1, 3]), probabilities: Tensor([0.2, 0.3, 0.5], shape: [1, 3]),
      smoothing: 0.1)
    #expect(isClose(teacher.elements, [1.4027], 1e-4), "PyTorch's figure")
  }

  @Test("gamma and beta have their mean and variance", arguments: [0.2, 0.5, 1, 3.5])
  func distributions(shape: Double) {
    var random = RandomStream(seed: 2)
    func moments(_ draw: (inout RandomStream) -> Double) -> (mean: Double, variance: Double) {
      let numbers = (0..<40_000).map { _ in draw(&random) }
      let mean = numbers.reduce(0, +) / 40_000
      return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000)
    }
    let gamma = moments { $0.gamma(shape) }
    #expect(abs(gamma.mean - shape) < 0.03 * (1 + shape) && abs(gamma.variance - shape) < 0.1 * (1 + shape))
    let beta = moments { $0.beta(shape, shape) }
    #expect(abs(beta.mean - 0.5) < 0.01 && abs(beta.variance - 0.25 / (2 * shape + 1)) < 0.005)
  }
}
