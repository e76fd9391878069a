import DataUtils
import Foundation
import Utils

/// One defect as a small picture of changes in brightness and the place where it lies.
///
/// Sizes are those of a strip 256 pixels high, and scale with it.
struct DefectStamp {
  let kind: Int
  let top, left, height, width: Int
  /// [h * w], what is added to the brightness; 0 where there is no defect.
  private(set) var change: [Float]

  /// A defect of `kind` somewhere in the columns `steel` of a strip.
  init(kind: Int, height: Int, width: Int, within steel: Range<Int>, using random: inout RandomStream) {
    let unit = Double(height) / 256
    let shape = DefectShape(kind: kind, unit: unit, stripWidth: Double(width), using: &random)
    self.kind = kind
    self.height = min(max(Int(shape.height.rounded(.up)), 2), height)
    self.width = min(max(Int(shape.width.rounded(.up)), 2), steel.count)
    top = random.index(below: height - self.height + 1)
    left = steel.lowerBound + random.index(below: steel.count - self.width + 1)
    change = shape.drawn(height: self.height, width: self.width, using: &random)
    // What nobody would see is no part of the defect.
    let deepest = change.reduce(Float(0)) { max($0, abs($1)) }
    for place in change.indices where abs(change[place]) < max(0.2 * deepest, 0.02) { change[place] = 0 }
    if kind > 0 { keepLargestRegion() }
  }

  /// All but pits hang together: crumbs beside a streak, a scratch or a patch are wiped away.
  private mutating func keepLargestRegion() {
    let covered = RegionMask(map: change.map { $0 == 0 ? 0 : 1 }, height: height, width: width)
    let regions = covered.regions
    guard let largest = regions.max(by: { $0.pixelCount < $1.pixelCount }) else { return }
    for (place, value) in covered.removing(regions.filter { $0 != largest }).map.enumerated() where value == 0
    {
      change[place] = 0
    }
  }
}

/// How a kind of defect looks, before it is drawn.
private enum DefectShape {
  /// Dark round pits, close together.
  case pits(height: Double, width: Double, radii: [Double], depth: Double)
  /// A short line across the rolling direction, dark with a bright flank.
  case streak(height: Double, width: Double, depth: Double)
  /// A long thin line along the rolling direction, bright or dark, stronger here and weaker there.
  case scratch(height: Double, width: Double, halfWidth: Double, bow: Double, depth: Double)
  /// A large ragged area, mottled.
  case patch(height: Double, width: Double, depth: Double)

  init(kind: Int, unit: Double, stripWidth: Double, using random: inout RandomStream) {
    func size(_ range: Range<Double>) -> Double { random.uniform(in: range) * unit }
    switch kind {
    case 0:
      let radii = (0..<4 + random.index(below: 12)).map { _ in max(size(2..<5), 1) }
      self = .pits(
        height: size(30..<90), width: size(40..<130), radii: radii, depth: -random.uniform(in: 0.16..<0.34))
    case 1:
      self = .streak(
        height: size(30..<110), width: max(size(7..<14), 5), depth: -random.uniform(in: 0.16..<0.32))
    case 2:
      let sign = random.uniform() < 0.6 ? 1.0 : -1
      self = .scratch(
        height: size(8..<50), width: random.uniform(in: 0.08..<0.5) * stripWidth,
        halfWidth: max(size(1.2..<3.5), 0.9), bow: random.uniform(in: -1..<1),
        depth: sign * random.uniform(in: 0.12..<0.3))
    default:
      self = .patch(
        height: size(70..<200), width: size(100..<320), depth: random.uniform(in: 0.1..<0.2))
    }
  }

  var height: Double {
    switch self {
    case .pits(let height, _, _, _), .streak(let height, _, _), .scratch(let height, _, _, _, _),
      .patch(let height, _, _):
      height
    }
  }

  var width: Double {
    switch self {
    case .pits(_, let width, _, _), .streak(_, let width, _), .scratch(_, let width, _, _, _),
      .patch(_, let width, _):
      width
    }
  }

  /// [h * w], the change in brightness.
  func drawn(height: Int, width: Int, using random: inout RandomStream) -> [Float] {
    var change = [Float](repeating: 0, count: height * width)
    func paint(_ value: (_ row: Double, _ column: Double) -> Double) {
      for row in 0..<height {
        for column in 0..<width {
          change[row * width + column] = Float(value(Double(row) + 0.5, Double(column) + 0.5))
        }
      }
    }
    let (middle, centre) = (Double(height) / 2, Double(width) / 2)
    switch self {
    case .pits(_, _, let radii, let depth):
      for radius in radii {
        let (reachY, reachX) = (max(middle - radius, 0), max(centre - radius, 0))
        let (angle, distance) = (random.uniform(in: 0..<2 * .pi), random.uniform().squareRoot())
        let (y, x) = (middle + reachY * distance * sin(angle), centre + reachX * distance * cos(angle))
        for row in max(Int(y - radius), 0)..<min(Int(y + radius) + 1, height) {
          for column in max(Int(x - radius), 0)..<min(Int(x + radius) + 1, width) {
            let squared = pow(Double(row) + 0.5 - y, 2) + pow(Double(column) + 0.5 - x, 2)
            let cover = max(1 - squared / (radius * radius), 0)
            let place = row * width + column
            change[place] = min(change[place], Float(depth * cover.squareRoot()))
          }
        }
      }
    case .streak(_, _, let depth):
      let (lean, phase) = (random.uniform(in: -0.15..<0.15), random.uniform(in: 0..<6))
      paint { row, column in
        let t = row / Double(height)
        let taper = sin(.pi * t).squareRoot()
        let axis = centre + (lean * (t - 0.5) + 0.08 * sin(5 * t + phase)) * Double(width)
        let across = (column - axis) / (Double(width) * 0.2)
        return taper * depth * (exp(-across * across) - 0.7 * exp(-pow(across - 1.6, 2)))
      }
    case .scratch(_, _, let halfWidth, let bow, let depth):
      let beads = (0..<12).map { _ in random.uniform(in: 0.45..<1) }
      let rise = (Double(height) - 2 * halfWidth - 1) * (random.uniform() < 0.5 ? 1 : -1)
      paint { row, column in
        let t = column / Double(width)
        let axis = middle + rise * (t - 0.5) * (1 - abs(bow) + 2 * bow * (t - 0.5))
        let across = (row - axis) / halfWidth
        let bead = t * Double(beads.count - 1)
        let (index, part) = (min(Int(bead), beads.count - 2), bead - Double(Int(bead)))
        let strength = beads[index] * (1 - part) + beads[index + 1] * part
        return depth * strength * min(20 * min(t, 1 - t), 1) * exp(-across * across)
      }
    case .patch(_, _, let depth):
      var ragged = [Float](repeating: 0, count: height * width)
      var mottled = ragged
      for (noise, size) in [(0, 5.0), (0, 10), (1, 12), (1, 30)] {
        let layer = ValueNoise(
          across: Double(width) / size, down: Double(height) / size, height: height, width: width,
          using: &random)
        if noise == 0 { layer.add(to: &ragged, strength: 0.15) } else { layer.add(to: &mottled, strength: 1) }
      }
      paint { row, column in
        let place = Int(row) * width + Int(column)
        let (y, x) = ((row - middle) / middle, (column - centre) / centre)
        let cover = min(max((0.72 - (y * y + x * x).squareRoot() + Double(ragged[place])) * 6, 0), 1)
        // Always at least a little different, so that the patch has no holes.
        let tone = Double(mottled[place])
        return cover * depth * (tone < 0 ? max(min(tone, -0.35), -1.5) : min(max(tone, 0.35), 1.5))
      }
    }
    return change
  }
}
