import Foundation
import Synchronization
import Testing

@testable import Utils

@Suite struct OrderedPipelineTests {
  /// Early pieces take longest, and come first all the same.
  @Test(arguments: [1, 2, 5]) func orderIsKept(threads: Int) throws {
    let pipeline = OrderedPipeline(3..<20, threads: threads) { number in
      usleep(UInt32(20 - number) * 200)
      return number * number
    }
    var found: [Int] = []
    while let piece = try pipeline.next() { found.append(piece) }
    #expect(found == (3..<20).map { $0 * $0 })
    #expect(try pipeline.next() == nil)
  }

  @Test func nothingIsMadeFarAhead() throws {
    let made = Mutex(0)
    let pipeline = OrderedPipeline(0..<1000, threads: 2) { number in
      made.withLock { $0 += 1 }
      return number
    }
    #expect(try pipeline.next() == 0)
    usleep(20_000)
    #expect(made.withLock { $0 } <= 5)
    made.withLock { $0 = 0 }
    let one = OrderedPipeline(0..<9, threads: 1, ahead: 1) { number in made.withLock { $0 += number } }
    try one.next()
    usleep(20_000)
    #expect(made.withLock { $0 } == 1, "number 1 is made, 2 is not")
  }

  @Test func theFirstErrorEndsIt() throws {
    let pipeline = OrderedPipeline(0..<9, threads: 3) { number in
      if number >= 4 { throw LabError(.data, "piece \(number)", remedy: "none") }
      return number
    }
    for number in 0..<4 { #expect(try pipeline.next() == number) }
    let error = #expect(throws: LabError.self) { try pipeline.next() }
    #expect(error?.cause == "piece 4")
    #expect(try pipeline.next() == nil)
  }

  /// Given up before its end: its threads end too, and what they hold is let go.
  @Test func nobodyWaitsForEver() {
    final class Held: Sendable {}
    weak var held: Held?
    do {
      let thing = Held()
      held = thing
      let pipeline = OrderedPipeline(0..<1_000_000, threads: 2) { [thing] number in
        _ = thing
        return number
      }
      _ = try? pipeline.next()
    }
    usleep(50_000)
    #expect(held == nil)
  }

  @Test func nothingIsEmpty() throws {
    let pipeline = OrderedPipeline(7..<7, threads: 1) { $0 }
    #expect(try pipeline.next() == nil)
  }
}
