import Testing

@testable import Kernels

@Suite("Dropout kernels")
struct DropoutKernelTests {
  @Test("fast and reference drop the same", arguments: [0, 1, 15, 16, 17, 31, 32, 33, 64, 1000])
  func agreement(count: Int) {
    var numbers = Numbers()
    let x = numbers.normal(count)
    for (key, probability) in [(0, 0.5), (UInt64.max, 0.2), (0x1234_5678_9ABC_DEF0, 1), (7, 0)] {
      let pattern = DropoutPattern(key: key, probability: Float(probability))
      let ours = written(count) { fast.dropout(x.span, into: &$0, pattern) }
      let theirs = written(count) { reference.dropout(x.span, into: &$0, pattern) }
      #expect(ours == theirs)
    }
  }

  @Test("what is dropped is 0, whatever it was")
  func strangeNumbers() {
    let pattern = DropoutPattern(key: 3, probability: 1)
    let x = strange
    let ours = written(x.count) { fast.dropout(x.span, into: &$0, pattern) }
    let theirs = written(x.count) { reference.dropout(x.span, into: &$0, pattern) }
    #expect((ours + theirs).allSatisfy { $0 == 0 })
  }
}
