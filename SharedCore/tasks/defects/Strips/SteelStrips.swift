import DataUtils
import Foundation
import Utils

/// Made-up photographs of rolled steel strips with defects of four kinds, in the manner of the Severstal data: 256 x 1600
/// pixels, grey, 47 % of them without a defect.
///
/// The kinds are pits in clusters, short streaks across the strip, scratches along it and rough patches; of all objects
/// they have the published shares. What image number i shows depends on the seed, the size and i alone.
public struct SteelStrips: Equatable, Sendable {
  /// The published share of each kind among all annotated objects.
  public static let objectShares = [0.1538, 0.0160, 0.7347, 0.0955]
  /// The share of images without any defect.
  public static let cleanShare = 0.47
  /// The names of the kinds.
  public static let kindNames = ["defect_1", "defect_2", "defect_3", "defect_4"]
  /// The smallest and largest height and width.
  public static let sides = 16...4096

  /// The size of each image, in pixels.
  public let height, width: Int
  /// What every random choice depends on.
  public let seed: UInt64

  /// Strips of `height` x `width` pixels; throws a `LabError` for sizes outside `sides`.
  public init(height: Int = 256, width: Int = 1600, seed: UInt64 = 42) throws {
    guard Self.sides.contains(height), Self.sides.contains(width) else {
      throw LabError(
        .config, "strips of \(height) x \(width) pixels cannot be made",
        remedy: "choose sides from \(Self.sides.lowerBound) to \(Self.sides.upperBound)")
    }
    (self.height, self.width, self.seed) = (height, width, seed)
  }

  /// One defect.
  public struct Object: Equatable, Sendable {
    /// Its kind, an index into `kindNames`.
    public let kind: Int
    /// Exactly the pixels that it changes and no other defect does.
    public let mask: RegionMask
  }

  /// The kinds of defects on image `index`, empty for a clean one.
  ///
  /// Clean or not, and the first kind, follow a golden-ratio sequence, so that few images have nearly the right shares
  /// already; each further defect is like the first with probability 0.9, else drawn anew.
  public func kinds(_ index: Int) -> [Int] {
    var start = RandomStream(seed: seed, purpose: "strip plan")
    let turn = (start.uniform() + Double(index) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    guard turn >= Self.cleanShare else { return [] }
    let first = Self.kind(at: (turn - Self.cleanShare) / (1 - Self.cleanShare))
    var random = RandomStream(seed: seed, purpose: "strip kinds", number: index)
    var kinds = [first]
    while kinds.count < 8, random.uniform() < 0.4 {
      kinds.append(random.uniform() < 0.9 ? first : Self.kind(at: random.uniform()))
    }
    return kinds
  }

  private static func kind(at place: Double) -> Int {
    var rest = place
    for (kind, share) in objectShares.enumerated() {
      if rest < share { return kind }
      rest -= share
    }
    return 2  // a rounding error past the end: the most common one
  }

  /// The defects of image `index`, without its pixels: what an annotation needs.
  public func objects(_ index: Int) -> [Object] { layout(index).objects }

  /// Image `index`: [H * W] grey, row-major, and its defects.
  public func strip(_ index: Int) -> (pixels: [UInt8], objects: [Object]) {
    let layout = layout(index)
    return (painted(index, layout.edges, layout.change), layout.objects)
  }

  /// Image `index` as it would be without its defects.
  func bareStrip(_ index: Int) -> [UInt8] {
    painted(index, layout(index).edges, Array(repeating: 0, count: height * width))
  }

  private func painted(_ index: Int, _ edges: SteelEdges, _ change: [Float]) -> [UInt8] {
    var random = RandomStream(seed: seed, purpose: "strip texture", number: index)
    let canvas = SteelTexture(height: height, width: width).drawn(edges, using: &random)
    return zip(canvas, change).map { steel, change in
      // A dark defect takes a share of the light, so that it can be seen on dark steel too.
      let seen = change < 0 ? steel * max(1 + 2.2 * change, 0.1) : steel + change
      return UInt8((min(max(seen, 0), 1) * 255).rounded())
    }
  }

  /// Where the steel lies, and how the defects change its brightness.
  private func layout(_ index: Int) -> (edges: SteelEdges, objects: [Object], change: [Float]) {
    var random = RandomStream(seed: seed, purpose: "strip shapes", number: index)
    let edges = SteelEdges(height: height, width: width, using: &random)
    var board = DefectBoard(height: height, width: width)
    for kind in kinds(index) {
      // A place where another defect covers everything is given up, and another is looked for.
      for _ in 0..<50 {
        let stamp = DefectStamp(kind: kind, height: height, width: width, within: edges.steel, using: &random)
        if board.put(stamp) { break }
      }
    }
    return (edges, board.objects, board.change)
  }
}

/// Defects put side by side: which pixel belongs to which, and how much brighter it gets.
private struct DefectBoard {
  let height, width: Int
  var owners: [UInt8]
  var change: [Float]
  var objects: [SteelStrips.Object] = []

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    owners = Array(repeating: 0, count: height * width)
    change = Array(repeating: 0, count: height * width)
  }

  /// Puts the defect where no other lies; false when that is less than half of it, and then nothing is put.
  mutating func put(_ stamp: DefectStamp) -> Bool {
    var places: [(place: Int, change: Float)] = []
    var covered = 0
    for row in 0..<stamp.height {
      for column in 0..<stamp.width {
        let change = stamp.change[row * stamp.width + column]
        guard change != 0 else { continue }
        covered += 1
        let place = (stamp.top + row) * width + stamp.left + column
        if owners[place] == 0 { places.append((place, change)) }
      }
    }
    guard covered > 0, places.count * 2 >= covered else { return false }
    var map = [UInt8](repeating: 0, count: height * width)
    for (place, change) in places {
      owners[place] = 1
      map[place] = UInt8(stamp.kind + 1)
      self.change[place] = change
    }
    objects.append(
      SteelStrips.Object(kind: stamp.kind, mask: RegionMask(map: map, height: height, width: width)))
    return true
  }
}
