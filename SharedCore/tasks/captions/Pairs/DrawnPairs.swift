import CaptionData
import DataUtils
import Engine
import Utils

/// Pairs of frames that are drawn when they are asked for: rows of blocks for letters, before a background that moves.
///
/// Just enough to see that a network learns, and to try a command on a machine without data. Every pair depends on the seed and
/// its number alone; pair n has class n mod 5.
struct DrawnPairs: SampleMaker {
  let count: Int
  let layout: InputLayout
  let seed: UInt64
  private let height, width: Int

  init(count: Int, _ configuration: CaptionConfiguration, seed: UInt64) {
    self.count = count
    self.seed = seed
    layout = configuration.inputs
    (height, width) = (configuration.height, configuration.width)
  }

  var sampleShape: Shape { [layout.width] }
  var fingerprint: String { "drawn pairs, version 1, \(layout), seed \(seed), \(count)" }

  static func label(_ index: Int) -> CaptionLabel {
    CaptionLabel.allCases[index % CaptionLabel.allCases.count]
  }

  /// Where a caption's letters begin.
  enum Anchor: Int, CaseIterable {
    case left, center, right
  }

  func write(_ index: Int, to numbers: inout MutableSpan<Float>) {
    var random = RandomStream(seed: seed, purpose: "pair", number: index)
    let anchor = Anchor.allCases[random.index(below: Anchor.allCases.count)]
    let font = random.index(below: 4)
    let (one, other) = (word(using: &random), word(using: &random))
    let words: (Word?, Word?) =
      switch Self.label(index) {
      case .same: (one, one)
      case .different: (one, other)
      case .emptyEmpty: (nil, nil)
      case .emptyValid: (nil, other)
      case .validEmpty: (one, nil)
      }
    for position in 0..<numbers.count { numbers[position] = 0 }
    var start = 0
    drawBoxes([one, other], anchor, &numbers, from: start)
    for word in [words.0, words.1] {
      start += 3 * height * width
      draw(word, anchor, font, &numbers, from: start, using: &random)
    }
    start += 3 * height * width
    for (offset, value) in spatialFeatures(anchor).enumerated() { numbers[start + offset] = value }
    let side = layout.parts[3].shape[0]
    numbers[start + side + font] = 1
  }

  /// One-hot anchor, middle of the crop across and down, its width; as in use.
  private func spatialFeatures(_ anchor: Anchor) -> [Float] {
    let features = Anchor.allCases.map { Float($0 == anchor ? 1 : 0) } + [0.5, 0.9, 0.5]
    return Array(features.prefix(layout.parts[3].shape[0]))
  }

  /// Five by seven dots a letter, as bits.
  private typealias Word = [UInt64]

  private func word(using random: inout RandomStream) -> Word {
    let room = max(width / cell - 1, 2)
    return (0..<max(room * (1 + random.index(below: 2)) / 3, 1)).map { _ in random.next() }
  }

  /// Columns of a letter with the gap behind it, rows and columns of a dot.
  private var cell: Int { 6 * dot }
  private var dot: Int { max(height / 14, 1) }

  private func left(_ word: Word, _ anchor: Anchor) -> Int {
    let free = max(width - word.count * cell, 0)
    return [0, free / 2, free][anchor.rawValue]
  }

  private func draw(
    _ word: Word?, _ anchor: Anchor, _ font: Int, _ numbers: inout MutableSpan<Float>, from start: Int,
    using random: inout RandomStream
  ) {
    let (phase, area) = (random.uniform(), height * width)
    for row in 0..<height {
      for column in 0..<width {
        let wave =
          0.25 + 0.2
          * Float(
            (phase + Double(column) / Double(width) + 0.3 * Double(row) / Double(height))
              .truncatingRemainder(dividingBy: 1))
        let noise = Float(random.uniform()) * 0.1
        for channel in 0..<3 {
          numbers[start + channel * area + row * width + column] = normal(wave + noise, channel)
        }
      }
    }
    guard let word else { return }
    let (x0, y0) = (left(word, anchor), (height - 7 * dot) / 2)
    for (place, letter) in word.enumerated() {
      for bit in 0..<35 where letter >> UInt64(bit) & 1 == 1 {
        let x = x0 + place * cell + bit % 5 * dot + (font == 1 ? bit / 5 * dot / 7 : 0)
        let y = y0 + bit / 5 * dot
        fill(x, y, dot, dot, font == 2 ? 0.8 : 1, &numbers, from: start)
      }
    }
  }

  /// A frame around each place of a letter.
  private func drawBoxes(
    _ words: [Word], _ anchor: Anchor, _ numbers: inout MutableSpan<Float>, from start: Int
  ) {
    for channel in 0..<3 {
      for place in 0..<height * width {
        numbers[start + channel * height * width + place] = normal(0, channel)
      }
    }
    let y = (height - 7 * dot) / 2
    for word in words {
      for place in word.indices {
        let x = left(word, anchor) + place * cell
        fill(x, y, 5 * dot, 1, 1, &numbers, from: start)
        fill(x, y + 7 * dot - 1, 5 * dot, 1, 1, &numbers, from: start)
        fill(x, y, 1, 7 * dot, 1, &numbers, from: start)
        fill(x + 5 * dot - 1, y, 1, 7 * dot, 1, &numbers, from: start)
      }
    }
  }

  private func fill(
    _ x: Int, _ y: Int, _ columns: Int, _ rows: Int, _ value: Float, _ numbers: inout MutableSpan<Float>,
    from start: Int
  ) {
    for row in max(y, 0)..<max(min(y + rows, height), max(y, 0)) {
      for column in max(x, 0)..<max(min(x + columns, width), max(x, 0)) {
        for channel in 0..<3 {
          numbers[start + (channel * height + row) * width + column] = normal(value, channel)
        }
      }
    }
  }

  /// As ImageNet's pictures.
  private func normal(_ value: Float, _ channel: Int) -> Float {
    (value - Normalization.imageNet.means[channel]) / Normalization.imageNet.deviations[channel]
  }
}

extension Dataset {
  /// `count` pairs that are drawn when they are asked for, as many of each class but for one.
  static func drawnPairs(_ count: Int, _ configuration: CaptionConfiguration, seed: UInt64) -> Dataset {
    let maker = DrawnPairs(count: count, configuration, seed: seed)
    return Dataset(
      name: "drawn pairs", sampleShape: maker.sampleShape, features: .made(MadeSamples(maker)),
      labels: (0..<count).map { Int32($0 % CaptionLabel.allCases.count) }, classNames: CaptionLabel.names)
  }
}
