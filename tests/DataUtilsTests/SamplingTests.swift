import Engine
import Testing
import Utils

@testable import DataUtils

@Suite("Class-balanced sampling")
struct SamplingTests {
  /// 64 samples of class a, 4 of b, 1 of both, 31 of none; class c is nowhere.
  private static let strips: Dataset = {
    let rows: [[UInt8]] =
      [[UInt8]](repeating: [1, 0, 0], count: 64) + [[UInt8]](repeating: [0, 1, 0], count: 4) + [[1, 1, 0]]
      + [[UInt8]](repeating: [0, 0, 0], count: 31)
    return Dataset(
      name: "strips", sampleShape: [1], features: .floats((0..<100).map { Float($0) }),
      targets: rows.flatMap(\.self), classNames: ["a", "b", "c"])
  }()

  private func weights(_ weighting: ClassWeighting) -> [Double] { weighting.weights(Self.strips.counts) }

  @Test func weightsAreScaledByTheLargestAndNotBelowATenth() {
    #expect(weights(.inverse) == [0.1, 1, 1], "1/65 by 1/5 is 0.077")
    let roots = weights(.inverseSquareRoot)
    #expect(abs(roots[0] - (5.0 / 65).squareRoot()) < 1e-12 && roots[1] == 1)
    let effective = weights(.effectiveNumber(beta: 0.9))
    #expect(effective[1] == 1 && abs(effective[0] - 0.40951 / 0.998939) < 1e-4)
  }

  @Test func aSampleHasTheGreatestWeightOfItsClasses() {
    guard case .weighted(let weights) = Self.strips.sampling(by: .inverse) else {
      Issue.record("not weighted")
      return
    }
    #expect(weights[0] == 0.1 && weights[64] == 1 && weights[68] == 1 && weights[99] == 0.1)
  }

  @Test func aSampleIsRepeatedAsItsRarestClassAsks() {
    guard case .repeated(let counts) = Self.strips.samplingByRepetition() else {
      Issue.record("not repeated")
      return
    }
    #expect(
      counts[0] == 1 && counts[64] == 10 && counts[68] == 10 && counts[99] == 1, "13 times is too often")
    let loader = Loader(Self.strips, batchSize: 7, shuffleSeed: 3, sampling: .repeated(counts))
    #expect(loader.sampleCount == 145 && loader.batchCount == 21)
  }

  private func order(_ loader: Loader, epoch: Int, startingAt first: Int = 0) throws -> [Int] {
    var batches = loader.batches(epoch: epoch, startingAt: first)
    var order: [Int] = []
    while let batch = try batches.next() { order += batch.indices }
    return order
  }

  @Test(arguments: [0, 2]) func theOrderDependsOnSeedAndEpochAlone(threads: Int) throws {
    let sampling = Self.strips.sampling(by: .inverse)
    func loader(_ seed: UInt64) -> Loader {
      Loader(Self.strips, batchSize: 9, shuffleSeed: seed, sampling: sampling, prefetchThreads: threads)
    }
    let first = try order(loader(1), epoch: 1)
    #expect(first.count == 100)
    #expect(try order(loader(1), epoch: 1) == first)
    #expect(try order(loader(1), epoch: 1, startingAt: 4) == Array(first[36...]))
    #expect(try order(loader(1), epoch: 2) != first)
    #expect(try order(loader(2), epoch: 1) != first)
  }

  @Test func aSampleThatIsDrawnAgainIsChangedInAnotherWay() throws {
    let noise: SampleTransform = { sample, _, random in sample[0] = Float(random.uniform()) }
    let counts = Sampling.repeated((0..<100).map { $0 == 7 ? 5 : 1 })
    func changed(_ loader: Loader) throws -> [Float] {
      var batches = loader.batches(epoch: 1)
      var numbers: [Float] = []
      while let batch = try batches.next() {
        numbers += zip(batch.indices, batch.inputs.elements).filter { $0.0 == 7 }.map(\.1)
      }
      return numbers
    }
    func loader(_ sampling: Sampling?, _ size: Int = 9) -> Loader {
      Loader(
        Self.strips, batchSize: size, shuffleSeed: 3, sampling: sampling, transforms: [noise],
        prefetchThreads: 0)
    }
    let five = try changed(loader(counts))
    #expect(Set(five).count == 5)
    #expect(try changed(loader(counts, 30)) == five, "whatever the batches are")
    #expect(try changed(loader(nil)) == [five[0]], "the first one as without repetitions")
  }

  @Test func rareClassesAreDrawnAsOftenAsTheirWeightsSay() throws {
    let loader = Loader(
      Self.strips, shuffleSeed: 8, sampling: Self.strips.sampling(by: .inverse), prefetchThreads: 0)
    var rare = 0
    for epoch in 1...100 { rare += try order(loader, epoch: epoch).count { (64...68).contains($0) } }
    // 5 samples of weight 1 among 95 of weight 0.1: 5 / 14.5 of 10,000 draws, deviation 48.
    #expect(abs(rare - 3448) < 250)
  }

  @Test("caps take all of rare classes and a new choice of the others in every epoch")
  func caps() throws {
    let labels =
      [Int32](repeating: 0, count: 40) + [Int32](repeating: 1, count: 4) + [Int32](repeating: 2, count: 9)
    let dataset = Dataset(
      name: "rows", sampleShape: [1], features: .floats(labels.map(Float.init)), labels: labels,
      classNames: ["a", "b", "c", "none"])
    #expect(dataset.samplingByCap(nil, ratio: 2.2) == .capped(labels, cap: 8))
    #expect(dataset.samplingByCap(5, ratio: 2.2) == .capped(labels, cap: 5))
    let seen = dataset.counts(seenBy: dataset.samplingByCap(nil, ratio: 2.2))
    #expect(seen == ClassCounts(samples: 20, positives: [8, 4, 8, 0]))
    #expect(dataset.counts(seenBy: nil) == dataset.counts)
    #expect(dataset.counts(seenBy: dataset.samplingByRepetition()) == dataset.counts)
    let loader = Loader(
      dataset, batchSize: 6, shuffleSeed: 3, sampling: dataset.samplingByCap(nil, ratio: 2.2))
    var all: Set<Int> = []
    for number in 1...3 {
      let order = try self.order(loader, epoch: number)
      #expect(order.count == 20 && Set(order).count == 20 && order != order.sorted())
      #expect((0..<3).map { label in order.count { labels[$0] == label } } == [8, 4, 8])
      all.formUnion(order)
    }
    #expect(all.count > 28, "the choice is a new one")
  }
}
