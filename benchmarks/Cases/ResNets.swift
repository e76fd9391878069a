import Backbones
import Engine
import Utils

extension BenchCase {
  /// ResNet-18 on pictures of ImageNet's size.
  static let resNet18 = classification(
    "resnet18", batch: 4, inputs: [3, 224, 224], classes: 1000, operations: 42.593_6e9,
    small: (2, [3, 64, 64])
  ) { ResNet.resNet18(using: &$0) }

  /// ResNet-18 in use, one picture at a time.
  static let resNet18Inference = inference("resnet18_inf", operations: 3.628_1e9) {
    ResNet.resNet18(using: &$0)
  }

  /// ResNet-50 on pictures of ImageNet's size.
  static let resNet50 = classification(
    "resnet50", batch: 4, inputs: [3, 224, 224], classes: 1000, operations: 97.196_3e9,
    small: (2, [3, 64, 64])
  ) { ResNet.resNet50(using: &$0) }

  /// ResNet-50 in use, one picture at a time.
  static let resNet50Inference = inference("resnet50_inf", operations: 8.178_4e9) {
    ResNet.resNet50(using: &$0)
  }

  /// Three ResNet-50 that look at pictures of their own, their features joined: 10 classes.
  static let threeStreamResNet50: BenchCase = {
    let preparation = { @Sendable (batch: Int, size: Int) -> Preparation in
      { random in
        let model = ThreeStreams(classes: 10, using: &random)
        let pictures = (0..<3).map { _ in Tensor.normal(shape: [batch, 3, size, size], using: &random) }
        let y = labels(batch, below: 10, using: &random)
        return training(sgd(model.parameters())) { crossEntropy(model(pictures), y) }
      }
    }
    return BenchCase(
      name: "tristream_r50", batch: 2, operations: 145.721_5e9, check: preparation(2, 48),
      prepare: preparation(2, 224))
  }()

  /// ResNet-50 that learns by low-rank adapters of rank 8 and its classifier.
  static let loraResNet50 = classification(
    "lora_r50", batch: 4, inputs: [3, 224, 224], classes: 1000, operations: 67.124_4e9,
    small: (2, [3, 64, 64]),
    optimizer: { parameters in adamW(parameters.filter { !$0.parameter.isFrozen }) }
  ) { random in
    let model = ResNet.resNet50(using: &random)
    model.freeze()
    model.unfreeze("fc.*")
    addAdapters(
      LoRA(rank: 8), to: ["layer*.conv1", "layer*.conv3", "*downsample.0"], of: model, using: &random)
    return model
  }
}

/// A feature extractor a stream, and one classifier over all their features.
private final class ThreeStreams: Module {
  let streams: [ResNet]
  let fc: Linear

  init(classes: Int, using random: inout RandomStream) {
    streams = (0..<3).map { _ in ResNet.resNet50(classes: nil, using: &random) }
    fc = Linear(3 * 2048, classes, using: &random)
  }

  func callAsFunction(_ pictures: [Tensor]) -> Tensor {  // three of [N, 3, H, W] to [N, K]
    fc(concatenate(zip(streams, pictures).map { stream, x in stream(x) }, along: 1))
  }
}

/// Adapters on layers that are known to be there.
func addAdapters(
  _ lora: LoRA, to patterns: [String], of network: any HasReplaceableLayers, using random: inout RandomStream
) {
  do { try network.addAdapters(lora, to: patterns, using: &random) } catch { trap("\(error)") }
}
