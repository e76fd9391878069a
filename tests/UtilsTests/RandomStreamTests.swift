import Testing
import Utils

@Suite("Random stream")
struct RandomStreamTests {
  @Test("is the same for the same seed, purpose and number, and another for another")
  func streams() {
    func first(_ seed: UInt64, _ purpose: String, _ number: Int) -> [UInt64] {
      var random = RandomStream(seed: seed, purpose: purpose, number: number)
      return (0..<4).map { _ in random.next() }
    }
    #expect(first(1, "weights", 2) == first(1, "weights", 2))
    let all = [
      first(1, "weights", 2), first(2, "weights", 2), first(1, "shuffle", 2), first(1, "weights", -3),
    ]
    #expect(Set(all).count == 4)
  }

  @Test("stays what it was when the first checkpoints were written")
  func pinned() {
    var random = RandomStream(seed: 42, purpose: "weights")
    // computed apart from this code, in Python, from the papers' definitions
    #expect(
      (0..<3).map { _ in random.next() } == [
        17_164_339_263_147_326_459, 2_260_729_634_862_060_720, 12_846_428_000_622_068_936,
      ])
  }

  @Test("uniform numbers fill [0, 1) and a range evenly")
  func uniform() {
    var random = RandomStream(seed: 1)
    let x = (0..<100_000).map { _ in random.uniform() }
    #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(x.reduce(0, +) / 1e5 - 0.5) < 0.005)
    for tenth in 0..<10 { #expect(abs(x.count { Int($0 * 10) == tenth } - 10_000) < 500) }
    let y = (0..<1000).map { _ in random.uniform(in: -3 ..< -1) }
    #expect(y.allSatisfy { $0 >= -3 && $0 < -1 })
  }

  @Test("normal numbers have mean 0, deviation 1 and the right tails")
  func normal() {
    var random = RandomStream(seed: 1)
    let x = (0..<100_000).map { _ in random.normal() }
    let (mean, square) = (x.reduce(0, +) / 1e5, x.reduce(0) { $0 + $1 * $1 } / 1e5)
    #expect(abs(mean) < 0.015 && abs(square - 1) < 0.02)
    #expect(abs(Double(x.count { abs($0) > 1.96 }) / 1e5 - 0.05) < 0.004)
    #expect(x.allSatisfy { $0.isFinite })
  }

  @Test("indices lie below their bound, each as often")
  func index() {
    var random = RandomStream(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.index(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    #expect((0..<10).allSatisfy { _ in random.index(below: 1) == 0 })
    #expect(random.index(below: .max) >= 0)
  }

  @Test("permutations hold every number once and move every place evenly")
  func permutation() {
    var random = RandomStream(seed: 1)
    #expect(random.permutation(of: 0) == [] && random.permutation(of: 1) == [0])
    var firsts = [Int](repeating: 0, count: 5)
    for _ in 0..<10_000 {
      let order = random.permutation(of: 5)
      #expect(order.sorted() == [0, 1, 2, 3, 4])
      firsts[order[0]] += 1
    }
    #expect(firsts.allSatisfy { abs($0 - 2000) < 200 })
  }
}
