import Engine
import Testing
import Utils

@testable import Backbones

/// ConvNeXt with attention: its size, where attention stands, what is frozen.
@Suite struct ConvNeXtCBAMTests {
  /// The totals that the specification publishes.
  @Test(arguments: [
    (ConvNeXtCBAM.Placement.stages([3, 4]), 4, 27_914_024), (.stages([3, 4]), 5, 27_914_793),
    (.stages([]), 4, 27_821_668), (.stages([]), 5, 27_822_437), (.elements([3, 4]), 4, 27_844_904),
    (.elements([3, 4]), 5, 27_845_673),
  ])
  func publishedSizes(placement: ConvNeXtCBAM.Placement, classes: Int, parameters: Int) {
    var random = RandomStream(seed: 1)
    #expect(
      ConvNeXtCBAM(classes: classes, attention: placement, using: &random).parameterCount == parameters)
  }

  @Test(arguments: [(192, 4706), (384, 18_530), (768, 73_826), (8, 114)])
  func sizesOfModules(channels: Int, parameters: Int) {
    var random = RandomStream(seed: 1)
    #expect(CBAM(channels, using: &random).parameterCount == parameters)
  }

  private func small(_ placement: ConvNeXtCBAM.Placement = .stages([3, 4])) -> ConvNeXtCBAM {
    var random = RandomStream(seed: 2)
    return ConvNeXtCBAM(.atto, classes: 4, attention: placement, using: &random)
  }

  @Test func attentionIsSeenAtItsPlaces() {
    var random = RandomStream(seed: 3)
    let x = Tensor.normal(shape: [2, 3, 64, 96], using: &random)
    let maps = small().attentionMaps(x)
    #expect(maps.map(\.name) == ["stage 3", "stage 4"])
    #expect(maps.map(\.places.shape) == [[2, 4, 6], [2, 2, 3]])
    #expect(maps.allSatisfy { $0.places.elements.allSatisfy { (0...1).contains($0) } })
    #expect(small(.elements([3, 4])).attentionMaps(x).map(\.name) == ["stage 2", "element 4"])
  }

  @Test func stagesLeadToTheSameLogits() {
    var random = RandomStream(seed: 3)
    let x = Tensor.normal(shape: [2, 3, 64, 96], using: &random)
    let network = small()
    let stages = network.stages(x)
    #expect(stages.map(\.name) == (1...4).map { "stage \($0)" })
    #expect(stages.map { $0.maps.shape[1] } == [40, 80, 160, 320])
    #expect(network(x).shape == [2, 4] && network.classify(stages[3].maps).elements == network(x).elements)
    #expect(small(.stages([]))(x).elements != network(x).elements, "attention changes what is seen")
  }

  @Test func greyIsRedGreenAndBlueAlike() {
    var random = RandomStream(seed: 3)
    let grey = Tensor.normal(shape: [2, 1, 32, 32], using: &random)
    let colours = concatenate([grey, grey, grey], along: 1)
    let networks: [any Layer] = [small(), ResNet.resNet18(classes: 3, using: &random)]
    for network in networks { #expect(network(grey).elements == network(colours).elements) }
  }

  @Test func frozenPartsDoNotLearn() {
    let network = small()
    network.freezeStages(2)
    func frozen() -> Set<String> {
      Set(network.parameters().filter(\.parameter.isFrozen).map { String($0.name.prefix(10)) })
    }
    #expect(frozen() == ["features.0", "features.1", "features.2", "features.3"])
    network.freezeBackbone()
    #expect(frozen() == Set((0...7).map { "features.\($0)" }))
    network.unfreeze()
    #expect(frozen() == [])
  }

  @Test func itLearnsAndEveryParameterWithIt() {
    var random = RandomStream(seed: 4)
    let network = small()
    let x = Tensor.normal(shape: [2, 3, 32, 32], using: &random)
    let (_, gradients) = withMode(.training, randomness: Randomness(seed: 1, step: 1)) {
      valueAndGradients {
        binaryCrossEntropyWithLogits(network(x), Tensor([1, 0, 0, 1, 0, 1, 0, 0], shape: [2, 4]))
      }
    }
    for (name, parameter) in network.parameters() {
      #expect(gradients[parameter]?.shape == parameter.shape, "\(name)")
    }
  }
}
