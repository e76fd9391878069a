import Images
import Testing
import Utils

@testable import CaptionData

@Suite struct FontDescriptorTests {
  private let descriptor = FontDescriptor()

  /// A caption in `style` before a background of one colour.
  private func caption(_ text: String, _ style: CaptionStyle) throws -> DecodedImage {
    let drawn = try CaptionText(text, style: style, width: 480, height: 48)
    return DecodedImage(
      width: 480, height: 48, channels: 3, pixels: drawn.letters.flatMap { [$0, $0, $0] })
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// Another text in the same font is nearer than the same text in any other of the 12.
  @Test func tellsFontsNotTexts() throws {
    var random = RandomStream(seed: 1)
    var style = CaptionStyle(using: &random)
    (style.size, style.stretch) = (0.55, 1)
    var (own, other): ([[Float]], [[Float]]) = ([], [])
    for family in CaptionStyle.Family.allCases {
      for weight in [false, true] {
        for slant in [false, true] {
          (style.family, style.isBold, style.isSlanted) = (family, weight, slant)
          #expect(style.fontIndex == own.count)
          own.append(descriptor.embedding(of: try caption("The captain found the letter", style)))
          other.append(descriptor.embedding(of: try caption("Wait here until we remember", style)))
        }
      }
    }
    for font in own.indices {
      let nearest = own.indices.min { distance(own[$0], other[font]) < distance(own[$1], other[font]) }
      #expect(nearest == font)
    }
  }

  @Test func hasLengthOneAndIsTheSameAgain() throws {
    var random = RandomStream(seed: 2)
    let picture = try caption("Zero light", CaptionStyle(using: &random))
    let numbers = descriptor.embedding(of: picture)
    #expect(numbers.count == 512 && numbers.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(abs(distance(numbers, FontEmbedding.none) - 1) < 1e-5)
    #expect(numbers == descriptor.embedding(of: picture))
    #expect(descriptor.version == "font-descriptor-512-v1.0")
  }

  @Test func aPictureOfOneColourGivesZeros() {
    for (width, height) in [(480, 48), (1, 1), (1, 300), (3000, 9)] {
      let plain = DecodedImage(
        width: width, height: height, channels: 3, pixels: [UInt8](repeating: 90, count: width * height * 3))
      #expect(descriptor.embedding(of: plain) == FontEmbedding.none)
    }
  }

  @Test func embeddingsAreKeptAsBytes() {
    let numbers = (0..<512).map { Float($0) / 7 - 20 }
    let bytes = FontEmbedding.bytes(numbers)
    #expect(bytes.count == 2048 && FontEmbedding.numbers(bytes) == numbers)
    #expect(Array(FontEmbedding.bytes([1])) == [0, 0, 0x80, 0x3F])
    #expect(FontEmbedding.numbers(Array(bytes.dropLast())) == nil)
    #expect(FontEmbedding.numbers(FontEmbedding.bytes([.nan] + numbers.dropFirst())) == nil)
  }

  @Test func theReferenceIsTheSurestOfTheFiveWithMostBoxes() {
    func boxes(_ frame: Int, _ count: Int, _ confidence: Double) -> [OCRBox] {
      (0..<count).map { _ in
        OCRBox(frameIndex: frame, confidence: confidence, x: 0, y: 0, width: 0.1, height: 0.1)
      }
    }
    let all = [
      (1, 9, 0.99), (2, 12, 0.95), (3, 20, 0.8), (4, 19, 0.9), (5, 18, 0.75), (6, 30, 0.6), (7, 17, 0.85),
      (8, 16, 0.7),
    ]
    .flatMap { boxes($0.0, $0.1, $0.2) }
    let choice = ReferenceFrame.choose(all, available: Set(0...9))
    #expect(
      choice?.frameIndex == 4 && choice?.boxCount == 19 && abs((choice?.meanConfidence ?? 0) - 0.9) < 1e-9)
    #expect(ReferenceFrame.choose(all, available: [2, 8])?.frameIndex == 2)
    #expect(ReferenceFrame.choose(all, available: [1, 6]) == nil)
  }
}
