import Utils

/// How the captions of one made-up video look.
public struct CaptionStyle: Equatable, Sendable {
  /// The family of the letters; the three of them are in every installation of the DejaVu fonts.
  public enum Family: String, CaseIterable, Sendable {
    case sans = "DejaVu Sans"
    case serif = "DejaVu Serif"
    case mono = "DejaVu Sans Mono"
  }

  /// The family of the letters.
  public var family: Family
  /// Whether they are bold, and whether they lean to the right.
  public var isBold, isSlanted: Bool
  /// How wide they are, 1 as drawn by the font's maker.
  public var stretch: Double
  /// Their size as a share of the crop's height.
  public var size: Double
  /// The width of the dark outline as a share of their size.
  public var outline: Double
  /// Red, green and blue of the letters, 0 to 255.
  public var color: [UInt8]
  /// The side on which captions begin.
  public var anchor: CaptionAnchor

  /// The number of the font among 12: family, weight, slant; what a pretext task may ask for.
  public var fontIndex: Int {
    (Family.allCases.firstIndex(of: family) ?? 0) * 4 + (isBold ? 2 : 0) + (isSlanted ? 1 : 0)
  }
  /// How many fonts there are.
  public static let fontCount = 12

  /// A style drawn from `random`.
  init(using random: inout RandomStream) {
    func pick<Item>(_ items: [Item]) -> Item { items[random.index(below: items.count)] }
    family = pick(Family.allCases)
    isBold = random.uniform() < 0.5
    isSlanted = random.uniform() < 0.3
    stretch = pick([0.85, 1, 1, 1.1])
    size = random.uniform(in: 0.48..<0.66)
    outline = pick([0, 0.06, 0.1, 0.14])
    color = pick([[255, 255, 255], [250, 246, 220], [255, 232, 90], [190, 240, 255]])
    anchor = pick(CaptionAnchor.allCases)
  }
}
