import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("Loader", .serialized)
struct LoaderTests {
  private static let numbers = Dataset(
    name: "numbers", sampleShape: [1], features: .floats((0..<10).map { Float($0) }),
    labels: (0..<10).map { $0 % 3 }, classNames: ["0", "1", "2"])

  private func contents(_ loader: Loader, epoch: Int = 1, startingAt first: Int = 0) throws -> [[Float]] {
    var iterator = loader.batches(epoch: epoch, startingAt: first)
    var all: [[Float]] = []
    while let batch = try iterator.next() { all.append(batch.inputs.elements) }
    #expect(try iterator.next() == nil)
    return all
  }

  @Test func batchesInOrder() throws {
    let loader = Loader(Self.numbers, batchSize: 4)
    #expect(loader.sampleCount == 10)
    #expect(loader.batchCount == 3)
    #expect(try contents(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    var iterator = loader.batches(epoch: 1)
    let batch = try #require(try iterator.next())
    #expect(batch.inputs.shape == [4, 1])
    #expect(batch.labels.elements == [0, 1, 2, 0])
    #expect(batch.indices == [0, 1, 2, 3])
  }

  @Test func aWholeSetIsOneBatch() throws {
    #expect(try contents(Loader(Self.numbers)) == [(0..<10).map { Float($0) }])
    #expect(try contents(Loader(Self.numbers.subset([]))).isEmpty)
    #expect(try contents(Loader(Self.numbers, batchSize: 100)).count == 1)
  }

  @Test func bytesAreScaledAndNormalised() throws {
    let images = Dataset(
      name: "images", sampleShape: [1, 1, 2], features: .bytes([0, 255, 51, 102], maximum: 255),
      labels: [0, 0],
      classNames: ["a"])
    let normalization = Preprocessing.normalized(Normalization(means: [0.5], deviations: [0.5]))
    var iterator = Loader(images, preprocessing: normalization).batches(epoch: 1)
    let batch = try #require(try iterator.next())
    #expect(batch.inputs.shape == [2, 1, 1, 2])
    #expect(batch.inputs.elements.map { ($0 * 10).rounded() / 10 } == [-1, 1, -0.6, -0.2])
  }

  @Test func everyEpochIsShuffledAnewAndRepeatably() throws {
    let loader = Loader(Self.numbers, batchSize: 3, shuffleSeed: 5)
    let first = try contents(loader, epoch: 1)
    #expect(first.flatMap(\.self).sorted() == (0..<10).map { Float($0) })
    #expect(try contents(loader, epoch: 1) == first)
    #expect(try contents(loader, epoch: 2) != first)
    #expect(try contents(Loader(Self.numbers, batchSize: 3, shuffleSeed: 6), epoch: 1) != first)
  }

  @Test(arguments: [0, 3]) func startsInTheMiddle(threads: Int) throws {
    let loader = Loader(Self.numbers, batchSize: 2, shuffleSeed: 5, prefetchThreads: threads)
    let all = try contents(loader, epoch: 3)
    for first in 0...6 {
      #expect(try contents(loader, epoch: 3, startingAt: first) == Array(all.dropFirst(first)))
    }
  }

  @Test func threadsChangeNothing() throws {
    let noisy: SampleTransform = { sample, shape, random in
      for i in 0..<sample.count { sample[i] += Float(random.normal()) * Float(shape.elementCount) }
    }
    let digits = EmbeddedData.digits()
    func loader(_ threads: Int) -> Loader {
      Loader(
        digits, batchSize: 32, shuffleSeed: 9, transforms: [noisy],
        preprocessing: .standardized(Standardizer(fitting: digits)), prefetchThreads: threads)
    }
    let inline = try contents(loader(0), epoch: 2)
    #expect(inline.count == 57)
    #expect(try contents(loader(1), epoch: 2) == inline)
    #expect(try contents(loader(4), epoch: 2) == inline)
    #expect(try contents(loader(0), epoch: 3) != inline)
  }

  @Test func transformsDependOnTheSampleNotOnItsPlace() throws {
    let draw: SampleTransform = { sample, _, random in sample[0] = Float(random.uniform()) }
    func drawn(_ batchSize: Int, _ seed: UInt64?) throws -> [Int: Float] {
      var iterator = Loader(
        Self.numbers, batchSize: batchSize, shuffleSeed: seed, transforms: [draw], transformSeed: 1
      ).batches(epoch: 4)
      var result: [Int: Float] = [:]
      while let batch = try iterator.next() {
        for (index, value) in zip(batch.indices, batch.inputs.elements) { result[index] = value }
      }
      return result
    }
    let expected = try drawn(10, nil)
    #expect(Set(expected.values).count == 10)
    #expect(try drawn(3, nil) == expected)
    #expect(try drawn(4, 77) == expected)
  }

  @Test(arguments: [0, 1, 4]) func errorsComeOutOfNext(threads: Int) throws {
    let loader = Loader(FailingSource(failing: 7), batchSize: 2, prefetchThreads: threads)
    var iterator = loader.batches(epoch: 1)
    for _ in 0..<3 { #expect(try iterator.next() != nil) }
    expectLabError(mentioning: "sample 7") { _ = try iterator.next() }
    #expect(try iterator.next() == nil)
  }

  @Test func anAbandonedIteratorLeavesNoThread() throws {
    let before = threadCount()
    for _ in 0..<20 {
      var iterator: (any BatchIterator)? = Loader(
        EmbeddedData.digits(), batchSize: 8, shuffleSeed: 1, prefetchThreads: 4
      ).batches(epoch: 1)
      _ = try iterator?.next()
      iterator = nil
    }
    // A thread that has done its work still needs a moment to be gone.
    for _ in 0..<200 where threadCount() > before { usleep(5_000) }
    #expect(threadCount() <= before)
  }

  @Test func smallBatchesAreMadeInline() {
    #expect(Loader(EmbeddedData.iris()).prefetchThreads == 0)
    #expect(Loader(EmbeddedData.digits(), batchSize: 64).prefetchThreads == 0)
    #expect(Loader(EmbeddedData.digits(), batchSize: 64, transforms: [{ _, _, _ in }]).prefetchThreads == 2)
    #expect(Loader(FailingSource(failing: 0), batchSize: 1).prefetchThreads == 2)
    let wide = Dataset(
      name: "wide", sampleShape: [1_000_000],
      features: .bytes([UInt8](repeating: 0, count: 2_000_000), maximum: 255),
      labels: [0, 0], classNames: ["0"])
    #expect(Loader(wide, batchSize: 1).prefetchThreads == 2)
  }

  private func threadCount() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
  }
}

/// Ten samples of which one cannot be read.
private struct FailingSource: SampleSource {
  let failing: Int
  var count: Int { 10 }
  var sampleShape: Shape { [1] }
  func label(_ index: Int) -> Int32 { 0 }

  func read(_ indices: ArraySlice<Int>, into numbers: inout MutableSpan<Float>) throws {
    if indices.contains(failing) {
      throw LabError(.data, "sample \(failing) cannot be read", remedy: "leave it out")
    }
    for position in 0..<numbers.count { numbers[position] = 1 }
  }
}
