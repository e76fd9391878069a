import Backbones
import Engine
import Testing
import Utils

@Suite("Stages")
struct StagesTests {
  /// Every network that shows its stages answers with what it classifies of the last one, to the bit.
  @Test(
    "end in what is classified",
    arguments: ["AlexNet", "VGG-11", "GoogLeNet", "ResNet-18", "ConvNeXt-Tiny", "DenseNet-121"])
  func wholeAndParts(_ name: String) throws {
    let architecture = try #require(Architecture.all.first { $0.name == name })
    var random = RandomStream(seed: 1)
    let model = try #require(architecture.make(10, &random) as? any ConvolutionalNetwork)
    let x = Tensor.normal(shape: architecture.input, using: &random)
    let stages = model.stages(x)
    #expect(stages.count >= 3 && Set(stages.map(\.name)).count == stages.count)
    for (a, b) in zip(stages, stages.dropFirst()) {
      #expect(a.maps.shape.count == 4 && a.maps.shape[2] > b.maps.shape[2], "\(a.name) and \(b.name)")
    }
    let last = try #require(stages.last?.maps)
    #expect(model.classify(last).elements == model(x).elements)
    let (heat, classes) = gradCAM(model, x)
    #expect(heat.shape == [x.shape[0], last.shape[2], last.shape[3]] && heat.isFinite)
    #expect(classes.count == x.shape[0])
  }
}
