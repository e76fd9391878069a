import Testing

@testable import Utils

@Suite struct MachineFactsTests {
  @Test func thisMachineHasFacts() {
    let facts = MachineFacts.read()
    #expect(!facts.host.isEmpty && !facts.system.isEmpty && !facts.cpu.isEmpty)
    #expect(facts.cores >= 1)
    #expect(facts.memory > 1 << 26)
    #expect(facts.swift.hasPrefix("6."))
  }

  @Test func fieldsAreFoundByTheirWholeName() {
    let text = "model\t\t: 106\nmodel name\t: Some CPU @ 2 GHz\n"
    #expect(MachineFacts.field("model name", of: text, separator: ":") == "Some CPU @ 2 GHz")
    #expect(MachineFacts.field("model", of: text, separator: ":") == "106")
    #expect(MachineFacts.field("NAME", of: "NAME=\"Debian 12\"\n", separator: "=") == "Debian 12")
    #expect(MachineFacts.field("cores", of: text, separator: ":") == nil)
  }

  @Test func peakMemoryFollowsALargeAllocation() {
    let before = MachineFacts.peakMemory()
    let size = before + (64 << 20)
    let bytes = [UInt8](repeating: 1, count: size)
    #expect(MachineFacts.peakMemory() >= size)
    #expect(bytes[size - 1] == 1)
  }

  @Test func processorTimeGrowsWithWork() {
    let before = MachineFacts.processorSeconds()
    var sum: UInt64 = 1
    while MachineFacts.processorSeconds().user - before.user < 0.01 {
      sum = sum &* 6_364_136_223_846_793_005 &+ 1
    }
    #expect(MachineFacts.processorSeconds().user > before.user)
    #expect(sum != 0)
  }
}
