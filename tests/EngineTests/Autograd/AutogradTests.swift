import Foundation
@testable import Kernels
import Testing

@testable import Engine

@Suite("Autograd")
struct AutogradTests {
  @Test("gives no gradient to data and frozen parameters, and asks no pullback for one")
  func frozen() {
    let (w, v) = (Parameter(Tensor([1, 2])), Parameter(Tensor([3, 4])))
    v.isFrozen = true
    let data = Tensor([5, 6])
    nonisolated(unsafe) var asked: [Bool] = []
    let gradients = valueAndGradients {
      let (a, b) = (w.value, v.value)
      asked = [data.needsGradient, a.needsGradient, b.needsGradient]
      return (a * b * data).sum()
    }.gradients
    #expect(asked == [false, true, false])
    #expect(gradients[w]?.elements == [15, 24])
    #expect(gradients[v] == nil)
  }

  @Test("records nothing of what depends on no parameter")
  func constants() {
    let (w, data) = (Parameter(Tensor([1, 2])), Tensor([3, 4]))
    let gradients = valueAndGradients {
      #expect(!exp(data * data).needsGradient)
      #expect(exp(data * w.value).needsGradient)
      return Tensor(1)
    }.gradients
    #expect(gradients[w] == nil, "the loss does not depend on it")
  }

  @Test("records nothing outside of valueAndGradients")
  func outside() {
    let w = Parameter(Tensor([1, 2]))
    #expect(!w.value.needsGradient && !(w.value * 2).needsGradient)
    let value = valueAndGradients { w.value.sum() }.value
    #expect(!value.needsGradient && value.scalar == 3)
    #expect(!w.value.needsGradient)
  }

  @Test("a tensor that outlived its scope is a constant in the next")
  func outlived() {
    let w = Parameter(Tensor([1, 2]))
    nonisolated(unsafe) var kept = Tensor(0)
    _ = valueAndGradients {
      kept = w.value * 3
      return kept.sum()
    }
    let gradients = valueAndGradients { (w.value * kept).sum() }.gradients
    #expect(gradients[w]?.elements == [3, 6])
  }

  @Test("drops each entry with what it saved as soon as it has been used")
  func freeing() {
    weak var saved: Storage?
    nonisolated(unsafe) var aliveAtTheEnd: Bool?
    nonisolated(unsafe) var aliveAtTheBeginning: Bool?
    _ = valueAndGradients(at: [Tensor([1, 2])]) { x in
      let first = record(x[0].detached(), from: x[0]) { g in
        aliveAtTheEnd = saved != nil  // runs last: all that came after it is gone
        return [g]
      }
      func step(_ x: Tensor) -> Tensor {
        let y = exp(x * 1)
        saved = y.storage
        return y.sum()
      }
      let second = step(first)
      return record(second, from: second) { g in
        aliveAtTheBeginning = saved != nil
        return [g]
      }
    }
    #expect(aliveAtTheBeginning == true)
    #expect(aliveAtTheEnd == false)
  }

  @Test("adds up the gradients of a value that is used twice")
  func usedTwice() {
    let w = Parameter(Tensor([2, 3]))
    let gradients = valueAndGradients {
      let x = w.value
      return (x * x * x + w.value * 4).sum()
    }.gradients
    #expect(gradients[w]?.elements == [16, 31])
  }

  @Test("leaves the gradient that was passed in as it was")
  func upstream() {
    let seed = Tensor([1, 1])
    let (_, gradients) = valueAndGradients(at: [Tensor([2, 3])], upstream: seed) { $0[0] + $0[0] }
    #expect(gradients[0]?.elements == [2, 2])
    #expect(seed.elements == [1, 1])
  }

  @Test("a result that is an input itself, and one that depends on none")
  func trivial() {
    let x = Tensor([2, 3])
    #expect(valueAndGradients(at: [x]) { $0[0] }.gradients[0]?.elements == [1, 1])
    #expect(valueAndGradients(at: [x]) { _ in Tensor(1) }.gradients[0] == nil)
  }

  @Test("a chain of 100,000 ops overflows no stack, whether it runs backwards or is given up")
  func deepChain() {
    let x = Tensor([1])
    let (_, gradients) = valueAndGradients(at: [x]) { x in
      (0..<100_000).reduce(x[0]) { y, _ in y + 1 }
    }
    #expect(gradients[0]?.elements == [1])
    struct GivenUp: Error {}
    #expect(throws: GivenUp.self) {
      _ = try valueAndGradients(at: [x]) { x in
        let y = (0..<100_000).reduce(x[0]) { y, _ in y * 1 }
        guard y.count == 0 else { throw GivenUp() }
        return y
      }
    }
  }

  @Test("gradients of two scopes add with +=, and copies of them stay as they were")
  func accumulation() {
    let (w, v) = (Parameter(Tensor([1, 2])), Parameter(Tensor([5])))
    var total = valueAndGradients { (w.value * 3).sum() }.gradients
    let first = total
    total += valueAndGradients { (w.value * w.value).sum() + v.value.sum() }.gradients
    #expect(total[w]?.elements == [5, 7])
    #expect(total[v]?.elements == [1])
    #expect(first[w]?.elements == [3, 3])
  }

  @Test("the mean over a batch has the gradient of the average of its halves")
  func halves() {
    let w = Parameter(Tensor([0.1, -0.2, 0.3, 0.4, 0.5, -0.6], shape: [3, 2]))
    let x = (0..<8).map { Tensor([Float($0) / 4, 1 - Float($0) / 3], shape: [1, 2]) }
    func gradient(_ rows: Range<Int>) -> Gradients {
      let batch = Tensor(rows.flatMap { x[$0].elements }, shape: [rows.count, 2])
      return valueAndGradients {
        crossEntropy(linear(batch, w.value), IndexTensor(rows.map { Int32($0 % 3) }))
      }.gradients
    }
    var halves = gradient(0..<4)
    halves += gradient(4..<8)
    let average = (halves[w]?.elements ?? []).map { $0 / 2 }
    #expect(isClose(average, gradient(0..<8)[w]?.elements ?? [], 1e-6))
  }

  @Test("a scope inside another has its own tape; its result is a constant outside")
  func nested() {
    let w = Parameter(Tensor([1, 2]))
    nonisolated(unsafe) var inner: Gradients?
    let outer = valueAndGradients {
      let outside = w.value * 2
      let result = valueAndGradients { (w.value * outside).sum() }
      inner = result.gradients
      return (outside * result.value).sum()
    }
    #expect(inner?[w]?.elements == [2, 4])
    #expect(outer.value.scalar == 60)
    #expect(outer.gradients[w]?.elements == [20, 20])
  }

  @Test("the mode comes from outside and stays the same inside a scope")
  func modes() {
    #expect(Mode.current == .evaluation)
    withMode(.training) {
      #expect(Mode.current == .training)
      _ = valueAndGradients {
        #expect(Mode.current == .training)
        return withMode(.evaluation) { Mode.current == .evaluation ? Tensor(1) : Tensor(0) }
      }
    }
    #expect(Mode.current == .evaluation)
  }

  @Test("after the second training step no fresh memory is taken")
  func steadyMemory() async {
    await #expect(processExitsWith: .success) {
      let rule = XOR.rule(hidden: 8, learningRate: 0.1)
      for _ in 0..<2 { _ = try rule.step(XOR.batch) }
      let blocks = MemoryPool.freshBlocks
      precondition(blocks > 0)
      for _ in 0..<20 { _ = try rule.step(XOR.batch) }
      precondition(MemoryPool.freshBlocks == blocks, "\(MemoryPool.freshBlocks) blocks after \(blocks)")
    }
  }
}

@Suite("Memory used again")
struct MemoryReuseTests {
  private static func place(_ x: Tensor) -> UnsafeMutablePointer<Float> { x.storage.start }

  @Test("an activation or a sum writes over an operand that nobody else sees, and over no other")
  func inPlace() {
    let x = Tensor([-1, 2])
    let negative = -x
    #expect(x.elements == [-1, 2] && negative.elements == [1, -2])
    let y = relu(negative)
    #expect(y.elements == [1, 0])
    let sum = x + y
    #expect(sum.elements == [0, 2] && x.elements == [-1, 2] && y.elements == [1, 0])
    #expect(Self.place(sum) != Self.place(x) && Self.place(sum) != Self.place(y))
    let chained = relu((x * 2) + 1)
    #expect(chained.elements == [0, 5] && x.elements == [-1, 2])
  }

  @Test("what a derivative needs is not written over")
  func saved() {
    let (_, gradients) = valueAndGradients(at: [Tensor([0.5, -2, 3]), Tensor([1, 1, 1])]) { inputs in
      let product = inputs[0] * inputs[1]
      let squared = square(product)  // keeps product
      return (relu(product) + squared + sigmoid(squared)).sum()
    }
    // d/dp of relu(p) + p^2 + sigmoid(p^2), with s = sigmoid(p^2): [p > 0] + 2 p (1 + s (1 - s))
    let expected = [Float(0.5), -2, 3].map { p in
      let s = 1 / (1 + Foundation.exp(-p * p))
      return (p > 0 ? 1 : 0) + 2 * p * (1 + s * (1 - s))
    }
    for (g, e) in zip(gradients[0]?.elements ?? [], expected) { #expect(abs(g - e) < 1e-5) }
    #expect(gradients[0]?.count == 3)
  }

  @Test("views keep the memory that they look at")
  func views() {
    let whole = Tensor([1, 2, 3, 4]) * 1
    let half = whole.narrowed(along: 0, from: 0, count: 2)
    #expect((half * 10).elements == [10, 20] && whole.elements == [1, 2, 3, 4])
    #expect(relu(whole.reshaped(to: [2, 2]) * -1).elements == [0, 0, 0, 0] && whole.elements[3] == 4)
  }
}

@Suite("Memory pool")
struct MemoryPoolTests {
  @Test("size classes hold what they should, and waste at most a quarter")
  func sizeClasses() {
    var shelves: [Int: Int] = [:]
    for count in Array(0...5000) + [1 << 20, (1 << 20) + 1, (1 << 31) - 1] {
      let (capacity, shelf) = MemoryPool.sizeClass(of: count)
      #expect(capacity >= count && (count <= 16 || capacity * 4 <= count * 5))
      #expect(shelves[shelf, default: capacity] == capacity && shelf < 4 * Int.bitWidth)
      shelves[shelf] = capacity
    }
    #expect(MemoryPool.sizeClass(of: 33).capacity == 40)
  }

  @Test("large blocks that have been idle for long go back to the system when another size is asked for")
  func trimming() async {
    await #expect(processExitsWith: .success) {
      let count = 1 << 20
      _ = Storage(uninitialized: count)
      precondition(MemoryPool.idleBlocks(for: count) == 1)
      _ = Storage(uninitialized: 2 * count)
      precondition(MemoryPool.idleBlocks(for: count) == 1, "not yet: it may be wanted again")
      for _ in 0..<30_000 { _ = Storage(uninitialized: 16) }
      precondition(MemoryPool.idleBlocks(for: count) == 1, "no other large size has been asked for")
      _ = Storage(uninitialized: 4 * count)
      precondition(MemoryPool.idleBlocks(for: count) == 0 && MemoryPool.idleBlocks(for: 2 * count) == 0)
    }
  }

  @Test("memory is aligned to 64 bytes")
  func alignment() {
    for count in [1, 17, 1000] { #expect(Int(bitPattern: Storage(uninitialized: count).start) % 64 == 0) }
  }
}
