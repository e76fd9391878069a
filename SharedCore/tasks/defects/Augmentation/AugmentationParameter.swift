import Utils

/// What can be said about an augmentation: a name, a default and what values there are.
public struct AugmentationParameter: Equatable, Sendable {
  /// What values there are.
  public enum Domain: Equatable, Sendable {
    /// Any number in a range.
    case number(ClosedRange<Double>)
    /// An odd whole number in a range.
    case odd(ClosedRange<Int>)
    /// A whole number in a range.
    case whole(ClosedRange<Int>)
    /// Two numbers in a range, the first not above the second.
    case range(ClosedRange<Double>)
    /// Numbers of defects, from 1: `[1, 2]` for the first two.
    case defects
    /// True or false.
    case flag
  }

  /// "degrees".
  public let name: String
  /// The value unless somebody says another; null for all defects.
  public let value: JSONValue
  /// What values there are.
  public let domain: Domain
  /// Whether a bare number stands for it: `rotation: 15`.
  public let isMain: Bool

  /// A parameter with its default.
  public init(_ name: String, _ value: JSONValue, _ domain: Domain, isMain: Bool = false) {
    (self.name, self.value, self.domain, self.isMain) = (name, value, domain, isMain)
  }

  /// Why `value` cannot be; nil when it can.
  func complaint(_ value: JSONValue, classes: DefectClasses) -> String? {
    switch domain {
    case .number(let range):
      return value.double.map(range.contains) == true ? nil : "a number from \(plain(range))"
    case .whole(let range):
      return value.int.map(range.contains) == true
        ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .odd(let range):
      return value.int.map { range.contains($0) && $0 % 2 == 1 } == true
        ? nil : "an odd number from \(range.lowerBound) to \(range.upperBound)"
    case .range(let range):
      let ends = (value.array ?? []).compactMap(\.double)
      return ends.count == 2 && value.array?.count == 2 && ends.allSatisfy(range.contains)
        && ends[0] <= ends[1]
        ? nil : "two numbers from \(plain(range)), the smaller first"
    case .defects:
      let count = classes.defects.count
      let numbers = value.array?.map { $0.int.map((1...count).contains) ?? false }
      return value == .null || numbers.map { !$0.isEmpty && $0.allSatisfy(\.self) } == true
        ? nil : "a list of numbers from 1 to \(count), or null for all"
    case .flag: return value.bool == nil ? "true or false" : nil
    }
  }

  private func plain(_ range: ClosedRange<Double>) -> String {
    func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }
    return "\(text(range.lowerBound)) to \(text(range.upperBound))"
  }
}

/// Values of all parameters of an augmentation, checked.
public struct AugmentationValues: Sendable {
  private let values: [String: JSONValue]
  private let classes: DefectClasses

  /// What `value` says of `parameters`, those of `augmentation`; the defaults for what it does not say.
  init(
    _ value: JSONValue, of augmentation: String, _ parameters: [AugmentationParameter], classes: DefectClasses
  ) throws {
    var values = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
    let main = parameters.filter(\.isMain)
    var given: [String: JSONValue] = [:]
    switch value {
    case .bool(true): break
    case .object(let members): given = members
    case .integer, .number:
      guard !main.isEmpty else { fallthrough }
      for parameter in main { given[parameter.name] = value }
    default:
      throw LabError(
        .config, "\(augmentation) cannot be \(value.text())",
        remedy: "give \(main.isEmpty ? "" : "a number, ")true, false, null, or values of "
          + parameters.map(\.name).joined(separator: ", "))
    }
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        let near = nearestName(to: name, in: values.keys.sorted()).map { "did you mean \($0)? " } ?? ""
        throw LabError(
          .config, "\(augmentation) has no parameter \(name.quoted)",
          remedy: near + "its parameters are \(parameters.map(\.name).joined(separator: ", "))")
      }
      if let complaint = parameter.complaint(value, classes: classes) {
        throw LabError(
          .config, "\(name) of \(augmentation) cannot be \(value.text())", remedy: "give \(complaint)")
      }
      values[name] = value
    }
    (self.values, self.classes) = (values, classes)
  }

  /// The number that `name` has.
  public func number(_ name: String) -> Double { values[name]?.double ?? 0 }

  /// The whole number that `name` has.
  public func whole(_ name: String) -> Int { values[name]?.int ?? 0 }

  /// The two ends that `name` has.
  public func range(_ name: String) -> ClosedRange<Double> {
    let ends = (values[name]?.array ?? []).compactMap(\.double)
    return ends.count == 2 ? ends[0]...ends[1] : 0...0
  }

  /// Whether `name` is true.
  public func flag(_ name: String) -> Bool { values[name]?.bool ?? false }

  /// The classes whose numbers `name` lists; all defects when it is null.
  public func defects(_ name: String) -> [Int] {
    values[name]?.array.map { $0.compactMap(\.int).map { classes.defects[$0 - 1] } } ?? classes.defects
  }
}
