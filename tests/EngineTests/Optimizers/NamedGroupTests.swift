import Testing
import Utils

@testable import Engine

@Suite("Groups of parameters by name") struct NamedGroupTests {
  private func network() -> Sequential {
    var random = RandomStream(seed: 1)
    return Sequential(named: [
      ("backbone", Sequential(Linear(2, 3, using: &random), Linear(3, 3, using: &random))),
      ("head", Linear(3, 1, using: &random)),
    ])
  }

  @Test("those that fit learn at a rate of their own, the others at the common one")
  func rates() throws {
    let network = network()
    let group = try ParameterGroup(of: network, matching: ["head.*", "*.1.bias"], rateFactor: 10)
    #expect(group.parameters.map(\.name) == ["backbone.1.bias", "head.weight", "head.bias"])
    let optimizer = SGD(network.parameters(), learningRate: 0.01, groups: [group])
    let (_, gradients) = valueAndGradients { network(Tensor([1, 2], shape: [1, 2])).sum() }
    let before = network.parameters().map(\.parameter.value.elements)
    optimizer.update(with: gradients)
    for ((name, parameter), old) in zip(network.parameters(), before) {
      let rate: Float = group.parameters.contains { $0.name == name } ? 0.1 : 0.01
      let g = try #require(gradients[parameter]).elements
      let wanted = zip(old, g).map { $0 - rate * $1 }
      #expect(zip(parameter.value.elements, wanted).allSatisfy { Swift.abs($0 - $1) < 1e-6 }, "\(name)")
    }
  }

  @Test("a pattern that fits nothing is an error with the nearest name")
  func misspelling() {
    let error = #expect(throws: LabError.self) {
      try ParameterGroup(of: network(), matching: ["head.*", "hed.bias"])
    }
    #expect(error?.remedy.hasPrefix("did you mean head.bias?") == true)
  }
}
