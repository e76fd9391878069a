import DataUtils
import Engine
import Testing
import Utils

@testable import ResidualNetwork

@Suite struct SmallImagesTests {
  private let images = Dataset(
    name: "small", sampleShape: [2, 2, 4], features: .bytes((0..<32).map { UInt8($0 * 4) }, maximum: 255),
    labels: [0, 1], classNames: ["a", "b"])

  /// Of the four pixels 0, 4, 16 and 20 the mean is 10; channels and samples stay apart.
  @Test func aPixelIsTheMeanOfASquare() throws {
    let small = try images.shrunk(by: 2)
    #expect(small.sampleShape == [2, 1, 2] && small.count == 2 && small.labels == [0, 1])
    #expect(try small.sample(0).map { ($0 * 255).rounded() } == [10, 18, 42, 50])
    #expect(try small.sample(1).map { ($0 * 255).rounded() } == [74, 82, 106, 114])
    #expect(try images.shrunk(by: 1).fingerprint == images.fingerprint)
  }

  @Test func sidesThatAreNotDividedAreRefused() throws {
    #expect(throws: LabError.self) { try images.shrunk(by: 4) }
    #expect(throws: LabError.self) { try EmbeddedData.iris().shrunk(by: 2) }
  }

  /// Shuffling places keeps the mean, and so the answer; a network that looked at places would notice.
  @Test func shuffledPlacesKeepTheAnswer() throws {
    var random = RandomStream(seed: 3)
    let network = CIFARResNet(depth: 8, width: 4, using: &random)
    let x = Tensor.normal(shape: [4, 3, 16, 16], using: &random)
    let maps = try #require(network.stages(x).last?.maps)
    let shuffled = maps.shuffled(random.permutation(of: 16))
    #expect(maps.shape == [4, 16, 4, 4] && shuffled.elements != maps.elements)
    #expect(maps.elements.sorted() == shuffled.elements.sorted())
    let differences = zip(network(x).elements, network.classify(shuffled).elements).map { abs($0 - $1) }
    #expect(differences.allSatisfy { $0 < 1e-4 })
  }
}
