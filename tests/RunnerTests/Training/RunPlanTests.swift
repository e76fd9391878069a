import DataUtils
import Engine
import Testing
import Utils

@testable import Runner

@Suite struct RunPlanTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  @Test func theLimitHoldsForEachPartAndDrawsFromTheSeed() throws {
    let whole = try bench.plan("blobs").data.splits
    #expect(whole.train.count == 72 && whole.val?.count == 24 && whole.test?.count == 24)
    let few = try bench.plan("blobs", "limit=10").data.splits
    #expect(few.train.count == 10 && few.val?.count == 10 && few.test?.count == 10)
    #expect(try bench.plan("blobs", "limit=10").data.splits.fingerprint == few.fingerprint)
    #expect(Set(few.train.labels).count > 1, "not the first rows, which may be of one class")
    let untouched = try bench.plan("blobs", "limit=30").data.splits
    #expect(untouched.val?.fingerprint == whole.val?.fingerprint, "a part below the limit stays as it is")
  }

  @Test func weightsAndDataComeFromTheSeed() throws {
    func weights(_ word: String) throws -> [Float] {
      try bench.plan("blobs", word).network().parameters()[0].parameter.value.elements
    }
    #expect(try weights("seed=1") == weights("seed=1"))
    #expect(try weights("seed=1") != weights("seed=2"))
    #expect(
      try bench.plan("xor", "seed=1").data.splits.fingerprint
        != bench.plan("xor", "seed=2").data.splits.fingerprint)
  }

  @Test func partsThatAreTheSameSamplesAreJudgedOnce() throws {
    #expect(try bench.plan("xor").judgedParts == [.all])
    #expect(try bench.plan("blobs").judgedParts == [.train, .val, .test])
  }

  @Test func batchSizeNoneIsOneBatchAnEpoch() throws {
    #expect(try bench.plan("blobs").trainingLoader().batchCount == 5)
    #expect(try bench.plan("blobs", "batch_size=none").trainingLoader().batchCount == 1)
  }
}
