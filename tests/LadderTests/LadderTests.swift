import Kernels
import Testing
import Utils

@testable import Ladder

@Suite("Ladders: every rung computes what the reference does")
struct LadderTests {
  @Test(
    "matrix products of odd sizes",
    arguments: [
      (1, 1, 1), (3, 5, 7), (4, 8, 2), (6, 16, 256), (7, 17, 257), (29, 31, 300), (0, 3, 4), (3, 4, 0),
    ])
  func matmul(m: Int, n: Int, k: Int) throws {
    try agree(Ladder.matmul(MatmulShape(m: m, n: n, k: k), threads: 3))
  }

  @Test(
    "convolutions of odd sizes, with strides and padding",
    arguments: [
      shape(1, (1, 1), (1, 1), (1, 1)), shape(2, (3, 5), (7, 9), (3, 3), padding: 1),
      shape(1, (17, 33), (5, 4), (2, 3)), shape(2, (2, 16), (11, 8), (5, 3), stride: 3, padding: 2),
      shape(1, (3, 20), (2, 2), (2, 2), padding: 4), shape(0, (3, 4), (5, 5), (3, 3)),
    ])
  func convolution(shape: ConvolutionShape) throws { try agree(Ladder.convolution(shape, threads: 3)) }

  @Test("a rung that is wrong is found")
  func wrongRung() {
    let rung = Ladder.Rung(name: "wrong", why: "", threads: 1, run: { [1, .nan] }, rowMajor: { $0 })
    #expect(throws: LabError.self) { try rung.check(rung.run(), against: [1, 2]) }
  }

  @Test("a climb shows a head and a row for each rung")
  func climb() throws {
    var rows: [String] = []
    let ladder = Ladder.matmul(MatmulShape(m: 9, n: 9, k: 9), threads: 2)
    try ladder.climb(peak: 100, seconds: 0) { rows.append($0) }
    #expect(rows.count == ladder.rungs.count + 1)
    #expect(rows.last?.contains("oneDNN") == true)
  }

  @Test("an unknown ladder names those there are")
  func unknown() throws {
    let error = try #require(throws: LabError.self) { try Ladder.named("matmull", threads: 1) }
    #expect(error.description.contains("did you mean matmul?") && error.description.contains("convolution"))
    #expect(error.exitCode == 2)
  }

  private func agree(_ ladder: Ladder) throws {
    let expected = ladder.rungs[1].run()
    for rung in ladder.rungs { try rung.check(rung.run(), against: expected) }
  }

  static func shape(
    _ batch: Int, _ channels: (Int, Int), _ input: (Int, Int), _ kernel: (Int, Int), stride: Int = 1,
    padding: Int = 0
  ) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, inputChannels: channels.0, outputChannels: channels.1,
      input: Extent([input.0, input.1], missing: 1), kernel: Extent([kernel.0, kernel.1], missing: 1),
      stride: Extent([stride, stride], missing: 1), padding: Extent([padding, padding], missing: 0),
      dilation: Extent([1, 1], missing: 1))
  }
}
