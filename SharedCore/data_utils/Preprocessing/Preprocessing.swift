import Engine
import Utils

/// What happens to a sample's numbers before a network sees them; a value that a checkpoint stores and applies again.
public enum Preprocessing: Equatable, Sendable {
  /// Nothing.
  case none
  /// Each feature by its own mean and deviation, fitted on the training part.
  case standardized(Standardizer)
  /// Each image channel by a published mean and deviation.
  case normalized(Normalization)

  /// As JSON: an object whose `kind` is `none`, `standardize` or `normalize`.
  public var json: JSONValue {
    switch self {
    case .none: ["kind": "none"]
    case .standardized(let standardizer):
      [
        "kind": "standardize", "means": .floats(standardizer.means),
        "deviations": .floats(standardizer.deviations),
      ]
    case .normalized(let normalization):
      [
        "kind": "normalize", "means": .floats(normalization.means),
        "deviations": .floats(normalization.deviations),
      ]
    }
  }

  /// What `json` describes; throws when it was not written by this type.
  public init(json: JSONValue) throws {
    switch json["kind"]?.string {
    case "none": self = .none
    case "standardize":
      let (means, deviations) = try Self.statistics(json, smallest: 0)
      self = .standardized(Standardizer(means: means, deviations: deviations))
    case "normalize":
      let (means, deviations) = try Self.statistics(json, smallest: .leastNormalMagnitude)
      self = .normalized(Normalization(means: means, deviations: deviations))
    default: throw Self.damaged("its kind is none of none, standardize, normalize")
    }
  }

  /// Traps unless samples of `shape` can go through.
  func check(_ shape: Shape) {
    switch self {
    case .none: break
    case .standardized(let standardizer):
      require(
        standardizer.means.count == shape.elementCount,
        "a standardizer of \(standardizer.means.count) features does not fit samples of shape \(shape)")
    case .normalized(let normalization):
      require(
        shape.count > 0 && normalization.means.count == shape[0],
        "a normalization of \(normalization.means.count) channels does not fit samples of shape \(shape)")
    }
  }

  /// Changes the numbers of whole samples of `shape`, one after the other, in place.
  public func apply(to numbers: inout MutableSpan<Float>, shape: Shape) {
    switch self {
    case .none: break
    case .standardized(let standardizer): standardizer.affine.apply(to: &numbers, blockLength: 1)
    case .normalized(let normalization):
      normalization.affine.apply(to: &numbers, blockLength: shape.elementCount / max(shape[0], 1))
    }
  }

  private static func statistics(_ json: JSONValue, smallest: Float) throws -> ([Float], [Float]) {
    func floats(_ key: String) throws -> [Float] {
      guard let values = json[key]?.array else { throw damaged("\(key) are missing") }
      return try values.map { value in
        guard let number = value.double.map(Float.init), number.isFinite else {
          throw damaged("\(key) are not numbers")
        }
        return number
      }
    }
    let (means, deviations) = (try floats("means"), try floats("deviations"))
    guard !means.isEmpty, means.count == deviations.count, deviations.allSatisfy({ $0 >= smallest }) else {
      throw damaged("means and deviations do not fit each other")
    }
    return (means, deviations)
  }

  private static func damaged(_ what: String) -> LabError {
    LabError(.checkpoint, "the stored preprocessing is damaged: \(what)", remedy: "use another checkpoint")
  }
}

extension JSONValue {
  fileprivate static func floats(_ values: [Float]) -> JSONValue {
    .array(values.map { .number(Double($0)) })
  }
}
