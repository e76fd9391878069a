import Engine
import Testing
import Utils

@testable import DataUtils

/// Sample n is n, n + 0.5; sample 13 cannot be made.
private struct Counter: SampleMaker {
  let count: Int
  let sampleShape: Shape = [2]
  var fingerprint = "counter"
  func write(_ index: Int, to numbers: inout MutableSpan<Float>) throws {
    guard index != 13 else { throw LabError(.data, "there is no 13", remedy: "ask for another") }
    (numbers[0], numbers[1]) = (Float(index), Float(index) + 0.5)
  }
}

@Suite struct MadeSamplesTests {
  private func set(_ count: Int = 10) -> Dataset {
    Dataset(
      name: "counted", sampleShape: [2], features: .made(MadeSamples(Counter(count: count))),
      labels: (0..<count).map { Int32($0 % 2) }, classNames: ["even", "odd"])
  }

  @Test func partsKnowWhichSamplesTheyHave() throws {
    let some = set().subset([7, 2, 3])
    #expect(try some.sample(0) == [7, 7.5] && some.labels == [1, 0, 1])
    let both = some.appending(set().subset([9]))
    #expect(try both.sample(3) == [9, 9.5] && both.count == 4)
    #expect(try both.inMemory().sample(1) == [2, 2.5])
    #expect(some.fingerprint != set().subset([2, 7, 3]).fingerprint)
    #expect(set().fingerprint == set().fingerprint)
  }

  @Test(arguments: [0, 2]) func batchesAreMadeByAnyThread(_ threads: Int) throws {
    let loader = Loader(set().subset([5, 4, 8]), batchSize: 2, prefetchThreads: threads)
    var batches = loader.batches(epoch: 1)
    #expect(try batches.next()?.inputs.elements == [5, 5.5, 4, 4.5])
    #expect(try batches.next()?.inputs.elements == [8, 8.5])
    #expect(try batches.next() == nil)
  }

  @Test func aFailureIsTold() {
    let loader = Loader(set(20), batchSize: 20, prefetchThreads: 0)
    var batches = loader.batches(epoch: 1)
    #expect(throws: LabError.self) { try batches.next() }
  }
}
