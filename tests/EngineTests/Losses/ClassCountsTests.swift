import Testing

@testable import Engine

@Suite("Class counts")
struct ClassCountsTests {
  @Test("of a batch with targets, and of one with labels")
  func batches() {
    let inputs = Tensor(repeating: 0, shape: [3, 1])
    let many = Batch(
      inputs: inputs, labels: IndexTensor([0, 0, 1]), targets: Tensor([1, 1, 0, 0, 0, 1], shape: [3, 2]),
      indices: [0, 1, 2])
    #expect(ClassCounts(of: many, classes: 2) == ClassCounts(samples: 3, positives: [1, 2]))
    let one = Batch(inputs: inputs, labels: IndexTensor([0, 0, 1]), indices: [0, 1, 2])
    #expect(ClassCounts(of: one, classes: 3) == ClassCounts(samples: 3, positives: [2, 1, 0]))
  }

  @Test("effective numbers approach 1 / (1 - beta)")
  func effectiveNumbers() {
    let numbers = ClassCounts(samples: 1_000_000, positives: [0, 1, 2, 1_000_000]).effectiveNumbers(
      beta: 0.99)
    #expect(numbers[0] == 0)
    #expect(abs(numbers[1] - 1) < 1e-9 && abs(numbers[2] - 1.99) < 1e-9 && abs(numbers[3] - 100) < 1e-9)
  }
}
