import Testing

@testable import DataUtils

/// The published files, where a data folder has them.
@Suite(
  "Real data",
  .enabled(
    if: realData != nil,
    "no MNIST: set LAB_DATA, or keep a data folder at ../shared/data beside the workspace"))
struct RealDataTests {
  /// Counts and statistics of the published files: mean 0.1307 and deviation 0.3081 of the training pixels.
  @Test func mnist() throws {
    let splits = try #require(realData).mnist()
    #expect(splits.train.classCounts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(splits.test?.classCounts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    #expect(splits.train.sampleShape == [1, 28, 28])
    let pixels = Standardizer(fitting: splits.train)
    let means = pixels.means.map(Double.init)
    let squares = zip(means, pixels.deviations).map { $0 * $0 + Double($1) * Double($1) }
    let mean = means.reduce(0, +) / 784
    let deviation = (squares.reduce(0, +) / 784 - mean * mean).squareRoot()
    #expect(abs(mean - 0.1307) < 5e-5)
    #expect(abs(deviation - 0.3081) < 5e-5)
  }

  @Test func zerosAgainstOnes() throws {
    let pair = try #require(realData).mnist().mapParts { try $0.selecting(classes: ["0", "1"]) }
    #expect(pair.train.count == 12_665)
    #expect(pair.test?.count == 2_115)
    #expect(pair.all.count == 14_780)
  }

  @Test func fashionMNIST() throws {
    let splits = try #require(realData).fashionMNIST()
    #expect(splits.train.classCounts == [Int](repeating: 6000, count: 10))
    #expect(splits.test?.classCounts == [Int](repeating: 1000, count: 10))
  }

  /// Class counts as the folder's README states them.
  @Test func cifar10() throws {
    let splits = try #require(realData).cifar10()
    #expect(splits.train.classCounts == [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981])
    #expect(splits.test?.classCounts == [103, 89, 100, 103, 90, 86, 112, 102, 106, 109])
    #expect(splits.train.sampleShape == [3, 32, 32])
    #expect(splits.subsetNote == "subset: 10,000 of 50,000 training and 1,000 of 10,000 test images")
  }

  /// Mean and deviation of the training images, as `Normalization.neuDET` states them.
  @Test func neuDET() throws {
    let splits = try #require(realData).neuDET()
    #expect(splits.train.classCounts == [Int](repeating: 210, count: 6))
    #expect(splits.val?.classCounts == [Int](repeating: 30, count: 6))
    #expect(splits.test?.classCounts == [Int](repeating: 60, count: 6))
    #expect(splits.train.sampleShape == [1, 200, 200])
    guard case .images(let files) = try #require(splits.val).features else { return }
    #expect(files.file(30).url.lastPathComponent == "inclusion_7.jpg")
    try checkStatistics(of: splits.train, .neuDET)
    let blocks = try #require(realData).neuDET(split: .blocks)
    guard case .images(let later) = try #require(blocks.test).features else { return }
    #expect(blocks.train.count == 1260 && later.count == 360)
    #expect(later.file(60).url.lastPathComponent == "inclusion_241.jpg")
    let small = try #require(realData).neuDET(side: 96).train
    #expect(small.sampleShape == [1, 96, 96])
    #expect(try small.sample(7).reduce(0, +) > 0)
  }

  @Test func magneticTile() throws {
    let splits = try #require(realData).magneticTile(seed: 1)
    #expect(splits.all.classCounts == [Int](repeating: 30, count: 6))
    #expect(splits.test?.classCounts.allSatisfy { 6...9 ~= $0 } == true)
    #expect(splits.val?.classCounts.allSatisfy { 2...3 ~= $0 } == true)
    try checkStatistics(of: splits.all, .magneticTile)
    let masks = DataFolder.magneticTileMasks(of: splits.all)
    for index in 0..<splits.all.count {
      let isFree = splits.all.classNames[Int(splits.all.labels[index])] == "free"
      #expect(try masks.bytes(index).contains { $0 >= 16 } != isFree, "\(masks.file(index).url.path)")
    }
    #expect(try #require(realData).magneticTile(seed: 2).fingerprint != splits.fingerprint)
  }

  private func checkStatistics(of part: Dataset, _ expected: Normalization) throws {
    var (sum, squares) = (0.0, 0.0)
    for index in 0..<part.count {
      for value in try part.sample(index) {
        sum += Double(value)
        squares += Double(value * value)
      }
    }
    let count = Double(part.count * part.sampleShape.elementCount)
    let mean = sum / count
    #expect(abs(mean - Double(expected.means[0])) < 2e-4)
    #expect(abs((squares / count - mean * mean).squareRoot() - Double(expected.deviations[0])) < 2e-4)
  }

  @Test func everythingInTheFolderIsAsTheCatalogueSays() throws {
    let folder = try #require(realData)
    for entry in try Catalogue.embedded().entries {
      for file in entry.files {
        let status = folder.status(of: file, in: entry)
        #expect(status == .good || status == .missing, "\(entry.name)/\(file.path)")
      }
    }
  }
}
