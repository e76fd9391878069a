import DataUtils
import Engine
import Testing
import Utils

@testable import Captions

@Suite struct DrawnPairsTests {
  private var configuration: CaptionConfiguration {
    var configuration = CaptionConfiguration()
    (configuration.height, configuration.width) = (24, 96)
    return configuration
  }

  private func parts(_ index: Int, seed: UInt64 = 1) throws -> [Tensor] {
    let pairs = Dataset.drawnPairs(20, configuration, seed: seed)
    let row = Tensor(try pairs.sample(index), shape: [1, pairs.sampleShape[0]])
    return configuration.inputs.split(row)
  }

  @Test func aPairDependsOnSeedAndNumberAlone() throws {
    let pairs = Dataset.drawnPairs(20, configuration, seed: 1)
    #expect(try pairs.sample(7) == Dataset.drawnPairs(20, configuration, seed: 1).sample(7))
    #expect(try pairs.sample(7) != pairs.sample(12))
    #expect(try pairs.sample(7) != Dataset.drawnPairs(20, configuration, seed: 2).sample(7))
    #expect(pairs.classCounts == [4, 4, 4, 4, 4])
  }

  /// How many pixels of a frame are as bright as a letter.
  private func letters(_ frame: Tensor) -> Int {
    frame.narrowed(along: 1, from: 0, count: 1).elements.count { $0 > 1.2 }
  }

  @Test func labelsSayWhatIsSeen() throws {
    for index in 0..<20 {
      let parts = try parts(index)
      let (one, two) = (letters(parts[1]) > 0, letters(parts[2]) > 0)
      switch DrawnPairs.label(index) {
      case .same, .different: #expect(one && two)
      case .emptyEmpty: #expect(!one && !two)
      case .emptyValid: #expect(!one && two)
      case .validEmpty: #expect(one && !two)
      }
      #expect(letters(parts[0]) > 0, "no boxes")
      #expect(
        parts[3].elements.prefix(3).reduce(0, +) == 1 && parts[3].elements.suffix(3) == [0.5, 0.9, 0.5])
      #expect(parts[4].elements.reduce(0, +) == 1)
    }
  }
}
