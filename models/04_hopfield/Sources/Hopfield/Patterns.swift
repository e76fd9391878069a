import DataUtils
import Engine
import Foundation
import Utils

/// Some patterns of -1 and 1 with their names: what a memory is to hold.
struct PatternSet {
  let name: String
  let names: [String]
  /// The shape of a pattern: [1, 5, 5] for a picture.
  let shape: Shape
  let patterns: [[Float]]

  /// How many numbers a pattern has.
  var width: Int { shape.elementCount }

  /// The letters `names`, 5 x 5.
  static func letters(_ names: [String]) throws -> PatternSet {
    let patterns = try names.map { name in
      guard let drawing = drawings[name] else {
        throw LabError(
          .data, "there is no drawing of \(name)", remedy: "choose among \(drawings.keys.sorted())")
      }
      return pattern(drawing)
    }
    return PatternSet(name: "letters", names: names, shape: [1, 5, 5], patterns: patterns)
  }

  /// A cross, a circle, a square and a triangle, 10 x 10.
  static let shapes = PatternSet(
    name: "shapes", names: ["cross", "circle", "square", "triangle"], shape: [1, 10, 10],
    patterns: [isCross, isCircle, isSquare, isTriangle].map { isInk in
      (0..<100).map { isInk(Double($0 / 10) - 4.5, Double($0 % 10) - 4.5) ? 1 : -1 }
    })

  private static func isCross(_ y: Double, _ x: Double) -> Bool { abs(x) < 1 || abs(y) < 1 }

  private static func isCircle(_ y: Double, _ x: Double) -> Bool { (9...21).contains(x * x + y * y) }

  private static func isSquare(_ y: Double, _ x: Double) -> Bool { max(abs(x), abs(y)) > 3 }

  private static func isTriangle(_ y: Double, _ x: Double) -> Bool {
    let side = (y + 5) / 2  // half as wide as high
    return y > 3 || abs(abs(x) - side) < 0.8
  }

  /// Patterns of independent coins.
  static func random(_ count: Int, width: Int, seed: UInt64, number: Int = 0) -> PatternSet {
    var stream = RandomStream(seed: seed, purpose: "patterns", number: number)
    return PatternSet(
      name: "random", names: (0..<count).map { "\($0)" }, shape: [width],
      patterns: (0..<count).map { _ in (0..<width).map { _ in stream.next() >> 63 == 0 ? -1 : 1 } })
  }

  /// For each class of `dataset` one image, chosen by the seed; ink where a pixel is brighter than half.
  static func images(_ dataset: Dataset, classes: [String], seed: UInt64) throws -> PatternSet {
    let chosen = try dataset.selecting(classes: classes)
    var stream = RandomStream(seed: seed, purpose: "patterns")
    let order = stream.permutation(of: chosen.count)
    let patterns = try classes.indices.map { label in
      guard let place = order.first(where: { chosen.labels[$0] == label }) else {
        throw LabError(.data, "\(dataset.name) has no image of \(classes[label])", remedy: "fetch it again")
      }
      return ink(try chosen.sample(place))
    }
    return PatternSet(name: dataset.name, names: classes, shape: dataset.sampleShape, patterns: patterns)
  }

  /// A pattern with `share` of its numbers turned over, chosen at random.
  static func corrupted(_ pattern: [Float], share: Double, using random: inout RandomStream) -> [Float] {
    var result = pattern
    let count = Int((share * Double(pattern.count)).rounded())
    for place in random.permutation(of: pattern.count).prefix(count) { result[place] = -result[place] }
    return result
  }

  /// What is stored, as training part; as test part `cues` of each pattern with a share `noise` turned over.
  func splits(cues: Int, noise: Double, seed: UInt64) -> DataSplits {
    var stream = RandomStream(seed: seed, purpose: "cues")
    let labels = patterns.indices.flatMap { [Int32](repeating: Int32($0), count: cues) }
    let rows = labels.map { Self.corrupted(patterns[Int($0)], share: noise, using: &stream) }
    return DataSplits(
      train: dataset(patterns, patterns.indices.map(Int32.init)), test: dataset(rows, labels))
  }

  /// What is stored, as training part; as test part the first `count` samples of each class of `cues`, black and white.
  func splits(cues: Dataset, ofEach count: Int) throws -> DataSplits {
    var taken = [Int32: Int]()
    let chosen = cues.labels.indices.filter {
      taken[cues.labels[$0], default: 0] += 1
      return taken[cues.labels[$0], default: 0] <= count
    }
    return DataSplits(
      train: dataset(patterns, patterns.indices.map(Int32.init)),
      test: dataset(try chosen.map { Self.ink(try cues.sample($0)) }, chosen.map { cues.labels[$0] }))
  }

  /// -1 and 1 for pixels darker and brighter than half.
  private static func ink(_ pixels: [Float]) -> [Float] { pixels.map { $0 > 0.5 ? 1 : -1 } }

  private func dataset(_ rows: [[Float]], _ labels: [Int32]) -> Dataset {
    Dataset(
      name: name, sampleShape: shape, features: .floats(rows.flatMap { $0 }), labels: labels,
      classNames: names)
  }

  private static func pattern(_ drawing: String) -> [Float] {
    drawing.filter { $0 != " " }.map { $0 == "#" ? 1 : -1 }
  }

  private static let drawings = [
    "X": "#...# .#.#. ..#.. .#.#. #...#", "O": ".###. #...# #...# #...# .###.",
    "T": "##### ..#.. ..#.. ..#.. ..#..", "P": "####. #...# ####. #.... #....",
    "F": "##### #.... ####. #.... #....", "B": "####. #...# ####. #...# ####.",
    "E": "##### #.... ####. #.... #####", "R": "####. #...# ####. #..#. #...#",
  ]
}
