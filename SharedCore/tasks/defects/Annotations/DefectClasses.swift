import Utils

/// The classes that a network tells apart, and which of them means that there is no defect.
public struct DefectClasses: Equatable, Sendable {
  /// What the class of an image without defects is called, where there is one.
  public static let noDefectName = "no_defect"

  /// The four defects; an image without any has no class at all (first era, "v1").
  public static let four = DefectClasses(known: SteelStrips.kindNames)
  /// `no_defect` and the four defects (second era, "v2").
  public static let five = DefectClasses(known: [noDefectName] + SteelStrips.kindNames)

  /// What the classes are called, in the order of the network's outputs.
  public let names: [String]

  /// Classes called `names`; throws a `LabError` when there is none, or two of one name, or no defect among them.
  public init(names: [String]) throws {
    guard names.contains(where: { $0 != Self.noDefectName }), Set(names).count == names.count,
      names.count < 255
    else {
      throw LabError(
        .config, "\(names.joined(separator: ", ").quoted) are no class names",
        remedy: "give each defect one name, and no_defect first or not at all")
    }
    self.init(known: names)
  }

  private init(known names: [String]) { self.names = names }

  /// The class of an image without defects, where there is one.
  public var noDefect: Int? { names.firstIndex(of: Self.noDefectName) }

  /// The defects: all classes but `no_defect`.
  public var defects: [Int] { names.indices.filter { $0 != noDefect } }

  /// The class of the defect called `title`; nil for another name.
  public func defect(titled title: String) -> Int? {
    title == Self.noDefectName ? nil : names.firstIndex(of: title)
  }

  /// [K], 1 for each of `present`; where there is none, for `no_defect` if there is such a class.
  public func targets(showing present: some Sequence<Int>) -> [UInt8] {
    var targets = [UInt8](repeating: 0, count: names.count)
    for label in present { targets[label] = 1 }
    settle(&targets)
    return targets
  }

  /// Sets `no_defect` when no defect is set, and clears it otherwise.
  public func settle(_ targets: inout [UInt8]) {
    guard let noDefect else { return }
    targets[noDefect] = defects.contains { targets[$0] == 1 } ? 0 : 1
  }
}
