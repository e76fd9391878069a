import Backbones
import Engine
import Testing
import Utils

@Suite("ResNet")
struct ResNetTests {
  @Test("parameter counts are the published ones")
  func counts() {
    var random = RandomStream(seed: 1)
    #expect(ResNet.resNet18(using: &random).parameterCount == 11_689_512)
    #expect(ResNet.resNet34(using: &random).parameterCount == 21_797_672)
    #expect(ResNet.resNet50(using: &random).parameterCount == 25_557_032)
    #expect(ResNet.resNet101(using: &random).parameterCount == 44_549_160)
  }
}
