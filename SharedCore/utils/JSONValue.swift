/// A JSON document as a value: what configurations, checkpoints' metadata and result files are made of.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The value under `key` when this is an object that has it.
  public subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The text when this is a string.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The truth value when this is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The value when this is a whole number (`3`, but also `3.0`).
  public var int: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value when this is any number.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The elements when this is an array.
  public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

  /// The members when this is an object.
  public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
}

extension JSONValue {
  /// An object of numbers by their names; of equal names the first counts.
  public static func numbers(_ members: some Sequence<(String, Double)>) -> JSONValue {
    .object(Dictionary(members.map { ($0.0, .number($0.1)) }) { first, _ in first })
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array of `elements`.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object of `elements`; of a key written twice, the last value.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
