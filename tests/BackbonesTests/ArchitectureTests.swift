import Backbones
import Engine
import Testing
import Utils

/// An architecture: what it is made of and what it gives, as published.
struct Architecture: Sendable, CustomTestStringConvertible {
  let name: String
  let parameters: Int
  /// Pictures of an odd size, no larger than needed; the transformer takes only the size for which it is made.
  let input: Shape
  let make: @Sendable (_ classes: Int, inout RandomStream) -> any Layer
  var testDescription: String { name }

  /// One of each family at least; the numbers of parameters are those for 1000 classes, 400 for films.
  static let all: [Architecture] = [
    Architecture(name: "AlexNet", parameters: 61_100_840, input: [1, 3, 65, 71]) {
      AlexNet(classes: $0, using: &$1)
    },
    Architecture(name: "VGG-11", parameters: 132_863_336, input: [1, 3, 33, 39]) {
      VGG(.vgg11, classes: $0, using: &$1)
    },
    Architecture(name: "GoogLeNet", parameters: 6_624_904, input: [2, 3, 33, 47]) {
      GoogLeNet(classes: $0, using: &$1)
    },
    Architecture(name: "ResNet-18", parameters: 11_689_512, input: [2, 3, 33, 47]) {
      ResNet.resNet18(classes: $0, using: &$1)
    },
    Architecture(name: "ResNet-34", parameters: 21_797_672, input: [1, 3, 33, 35]) {
      ResNet.resNet34(classes: $0, using: &$1)
    },
    Architecture(name: "ResNet-50", parameters: 25_557_032, input: [1, 3, 33, 35]) {
      ResNet.resNet50(classes: $0, using: &$1)
    },
    Architecture(name: "ConvNeXt-Tiny", parameters: 28_589_128, input: [2, 3, 35, 50]) {
      ConvNeXt(.tiny, classes: $0, using: &$1)
    },
    Architecture(name: "R3D-18", parameters: 33_371_472, input: [1, 3, 5, 17, 23]) {
      VideoResNet(classes: $0, using: &$1)
    },
    Architecture(name: "ViT-B/16", parameters: 86_567_656, input: [2, 3, 224, 224]) {
      VisionTransformer.base16(classes: $0, using: &$1)
    },
    Architecture(name: "DenseNet-121", parameters: 7_978_856, input: [2, 3, 65, 35]) {
      DenseNet.denseNet121(classes: $0, using: &$1)
    },
  ]
}

@Suite("Architectures")
struct ArchitectureTests {
  @Test("have the published number of parameters, and take odd sizes", arguments: Architecture.all)
  func publishedSizes(_ architecture: Architecture) {
    var random = RandomStream(seed: 1)
    let classes = architecture.input.count == 5 ? 400 : 1000
    let model = architecture.make(classes, &random)
    #expect(model.parameterCount == architecture.parameters)
    let logits = model(.normal(shape: architecture.input, using: &random))
    #expect(logits.shape == [architecture.input[0], classes] && logits.isFinite)
  }

  @Test("ResNet-101, a batch-normalised VGG, other ConvNeXts and DenseNets are rows of the same tables")
  func otherRows() {
    var random = RandomStream(seed: 3)
    #expect(ResNet.resNet101(using: &random).parameterCount == 44_549_160)
    #expect(VGG(.vgg16, batchNorm: true, using: &random).parameterCount == 138_365_992)
    #expect(ConvNeXt(.small, using: &random).parameterCount == 50_223_688)
    #expect(ConvNeXt(.base, using: &random).parameterCount == 88_591_464)
    #expect(DenseNet.denseNet169(using: &random).parameterCount == 14_149_480)
    #expect(DenseNet.denseNet201(using: &random).parameterCount == 20_013_928)
  }

  @Test("ResNet without classes gives its features")
  func features() {
    var random = RandomStream(seed: 4)
    let model = ResNet.resNet18(classes: nil, using: &random)
    #expect(model(.normal(shape: [2, 3, 32, 32], using: &random)).shape == [2, 512])
    #expect(!model.state().contains { $0.name.hasPrefix("fc") })
  }

  @Test("GoogLeNet's auxiliary classifiers answer beside the last one, and only when asked")
  func auxiliary() {
    var random = RandomStream(seed: 5)
    let model = GoogLeNet(classes: 4, auxiliary: true, using: &random)
    let x = Tensor.normal(shape: [2, 3, 48, 48], using: &random)
    let outputs = model.outputs(x)
    #expect(outputs.logits.elements == model(x).elements)
    #expect(outputs.auxiliary.map(\.shape) == [[2, 4], [2, 4]])
    let plain = GoogLeNet(classes: 4, using: &random)
    #expect(plain.outputs(x).auxiliary.isEmpty)
    #expect(model.parameterCount - plain.parameterCount == 2 * (256 + 2_098_176 + 4100) + (512 + 528) * 128)
  }

  @Test("GoogLeNet takes pictures normalised by ImageNet's means for weights that expect -1 to 1")
  func transformedInput() {
    var (random, same) = (RandomStream(seed: 6), RandomStream(seed: 6))
    let plain = GoogLeNet(classes: 4, using: &random)
    let transforming = GoogLeNet(classes: 4, transformsInput: true, using: &same)
    let pixels = Tensor.uniform(0..<1, shape: [1, 3, 40, 40], using: &random)  // 0 to 1
    let mean = Tensor([0.485, 0.456, 0.406], shape: [3, 1, 1])
    let deviation = Tensor([0.229, 0.224, 0.225], shape: [3, 1, 1])
    let expected = plain((pixels - 0.5) / 0.5).elements
    for (a, b) in zip(transforming((pixels - mean) / deviation).elements, expected) {
      #expect(Swift.abs(a - b) <= 1e-5 * (1 + Swift.abs(b)))
    }
  }

  @Test("convolutions before a ReLU start with variance 2 / fan")
  func initialValues() {
    var random = RandomStream(seed: 7)
    let model = ResNet.resNet18(using: &random)
    let weight = model.parameters().first { $0.name == "layer3.1.conv2.weight" }?.parameter.value
    let numbers = (weight?.elements ?? []).map { Double($0) }
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / Double(max(numbers.count, 1))
    #expect(Swift.abs(variance * Double(256 * 9) / 2 - 1) < 0.02)
  }
}
