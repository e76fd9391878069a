import Foundation
import Images
import Utils

/// A font's look as 512 numbers that are computed, not learned: the embedding where no encoder's weights are at hand.
///
/// Four measures of the picture at 48 rows, none of which says where along the line a letter stands:
/// - 256: directions of edges in 16 angles, for 8 bands of rows, at full and at half size (after Dalal and Triggs,
///   "Histograms of Oriented Gradients for Human Detection", 2005);
/// - 128: lengths 1 to 32 of runs of pixels brighter and darker than Otsu's threshold, along rows and along columns: width
///   of strokes, of letters and of gaps;
/// - 64: colours of the pixels with strong edges, in 4 x 4 x 4 cells;
/// - 64: strength of edges in each of 48 rows, drawn out to 64: heights of capitals and small letters.
///
/// The square root of each measure has length 1/2, so the whole has length 1; a picture of one colour gives zeros.
public struct FontDescriptor: FontEncoder {
  /// The rows of the picture that is measured.
  private static let rows = 48
  /// Pixels whose edge is weaker than this share of the strongest belong to the background.
  private static let strongEdge: Float = 0.3

  /// The descriptor.
  public init() {}

  /// Another number where the numbers become others.
  public var version: String { "font-descriptor-512-v1.0" }

  /// 512 numbers of length 1 together, or zeros; see the measures above.
  public func embedding(of picture: DecodedImage) -> [Float] {
    let width = min(max(Self.rows * picture.width / picture.height, 3), 4096)
    let full = Luma(picture.resized(width: width, height: Self.rows, filter: .lanczos))
    let half = Luma(picture.resized(width: max(width / 2, 3), height: Self.rows / 2, filter: .lanczos))
    let edges = full.edges()
    guard let strongest = edges.strength.max(), strongest > 0 else { return FontEmbedding.none }
    let parts = [
      Self.directions(edges) + Self.directions(half.edges()), full.runs(),
      Self.colors(full, edges, threshold: Self.strongEdge * strongest), Self.profile(edges),
    ]
    return parts.flatMap { part in
      let roots = part.map { $0.squareRoot() }
      let length = roots.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length > 0 ? roots.map { $0 / (2 * length) } : roots
    }
  }

  /// [8 bands, 16 angles] sums of the strength of edges.
  private static func directions(_ edges: Edges) -> [Float] {
    var sums = [Float](repeating: 0, count: 128)
    for row in 0..<edges.height {
      for column in 0..<edges.width {
        let place = row * edges.width + column
        guard edges.strength[place] > 0 else { continue }
        let turn = atan2(Double(edges.down[place]), Double(edges.across[place])) / (2 * .pi) + 1
        sums[row * 8 / edges.height * 16 + Int((turn * 16).rounded()) % 16] += edges.strength[place]
      }
    }
    return sums
  }

  /// [4 reds, 4 greens, 4 blues] counts of pixels with strong edges.
  private static func colors(_ luma: Luma, _ edges: Edges, threshold: Float) -> [Float] {
    var counts = [Float](repeating: 0, count: 64)
    for place in edges.strength.indices where edges.strength[place] >= threshold {
      let pixel = luma.picture.pixels[3 * place..<3 * place + 3].map { Int($0) / 64 }
      counts[pixel[0] * 16 + pixel[1] * 4 + pixel[2]] += 1
    }
    return counts
  }

  /// The strength of each row, drawn out to 64 numbers.
  private static func profile(_ edges: Edges) -> [Float] {
    let rows = (0..<edges.height).map { row in
      edges.strength[row * edges.width..<(row + 1) * edges.width].reduce(0, +)
    }
    return (0..<64).map { rows[$0 * edges.height / 64] }
  }
}

/// How fast the brightness of each pixel changes, and where to; the outermost pixels stay 0.
private struct Edges {
  let width, height: Int
  var across, down, strength: [Float]
}

/// The brightness of a picture.
private struct Luma {
  let picture: DecodedImage
  private let values: [Float]

  init(_ picture: DecodedImage) {
    self.picture = picture
    values = stride(from: 0, to: picture.pixels.count, by: 3).map { place in
      0.299 * Float(picture.pixels[place]) + 0.587 * Float(picture.pixels[place + 1])
        + 0.114 * Float(picture.pixels[place + 2])
    }
  }

  func edges() -> Edges {
    let (width, height) = (picture.width, picture.height)
    let zeros = [Float](repeating: 0, count: values.count)
    var edges = Edges(width: width, height: height, across: zeros, down: zeros, strength: zeros)
    for row in 1..<height - 1 {
      for column in 1..<width - 1 {
        let place = row * width + column
        let (x, y) = (values[place + 1] - values[place - 1], values[place + width] - values[place - width])
        (edges.across[place], edges.down[place]) = (x, y)
        edges.strength[place] = (x * x + y * y).squareRoot()
      }
    }
    return edges
  }

  /// [rows bright, rows dark, columns bright, columns dark] x [lengths 1 to 32]; longer ones are background.
  func runs() -> [Float] {
    var counts = [Float](repeating: 0, count: 128)
    let threshold = self.threshold
    func count(_ first: Int, _ step: Int, _ length: Int, _ offset: Int) {
      var start = 0
      for place in 1...length {
        let isBright = values[first + start * step] >= threshold
        if place < length, (values[first + place * step] >= threshold) == isBright { continue }
        if place - start <= 32 { counts[offset + (isBright ? 0 : 32) + place - start - 1] += 1 }
        start = place
      }
    }
    for row in 0..<picture.height { count(row * picture.width, 1, picture.width, 0) }
    for column in 0..<picture.width { count(column, picture.width, picture.height, 64) }
    return counts
  }

  /// The brightness that best divides the pixels into two groups (Otsu, "A Threshold Selection Method", 1979).
  private var threshold: Float {
    var counts = [Double](repeating: 0, count: 256)
    for value in values { counts[min(Int(value), 255)] += 1 }
    let total = Double(values.count)
    let sum = counts.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    var (below, belowSum, best, threshold) = (0.0, 0.0, -1.0, 0)
    for level in 0..<255 {
      below += counts[level]
      belowSum += Double(level) * counts[level]
      guard below > 0, below < total else { continue }
      let gap = belowSum / below - (sum - belowSum) / (total - below)
      let between = below * (total - below) * gap * gap
      if between > best { (best, threshold) = (between, level) }
    }
    return Float(threshold + 1)
  }
}
