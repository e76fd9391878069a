import Testing
import Utils

@testable import Engine

@Suite("Gradient check of a network")
struct GradientCheckTests {
  private func check(
    _ network: TwoLayers, entries: Int = 4, _ between: @escaping (Tensor) -> Tensor
  ) -> GradientCheck {
    var random = RandomStream(seed: 1)
    return GradientCheck(of: network, entries: entries, using: &random) {
      crossEntropy(network.fc2(between(network.fc1(XOR.batch.inputs))), XOR.batch.labels)
    }
  }

  @Test("right gradients pass, and the weights are as before")
  func right() {
    let network = TwoLayers(2, 8, 2)
    let before = network.parameters().map(\.parameter.value.elements)
    for check in [check(network) { tanh($0) }, check(network, entries: 100) { relu($0) }] {
      #expect(check.rows.map(\.name) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
      #expect((check.worst?.error ?? 1) < 0.01, "\(String(describing: check.worst))")
      #expect(check.unused.isEmpty && check.loss > 0)
    }
    #expect(check(network) { tanh($0) }.rows.map(\.checked) == [4, 4, 4, 2])
    #expect(network.parameters().map(\.parameter.value.elements) == before)
  }

  @Test("a derivative that is off by a tenth is found, with the parameters before it")
  func wrong() throws {
    let result = check(TwoLayers(2, 8, 2)) { x in
      record(tanh(x).detached(), from: x) { g in
        let y = tanh(x.detached())
        return [g * (1 - y * y) * 1.1]
      }
    }
    let errors = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.name, $0.error) })
    #expect(try #require(errors["fc1.weight"]) > 0.05 && (try #require(errors["fc1.bias"])) > 0.05)
    #expect(try #require(errors["fc2.weight"]) < 0.01 && (try #require(errors["fc2.bias"])) < 0.01)
    #expect(result.worst?.name.hasPrefix("fc1") == true)
  }

  @Test("a parameter without part in the loss is named, a frozen one is not asked")
  func unused() {
    let network = TwoLayers(2, 3, 2)
    network.fc1.weight.isFrozen = true
    var random = RandomStream(seed: 1)
    let check = GradientCheck(of: network, entries: 2, using: &random) { network.fc1(XOR.batch.inputs).sum() }
    #expect(check.rows.map(\.name) == ["fc1.bias"] && check.unused == ["fc2.weight", "fc2.bias"])
  }
}
