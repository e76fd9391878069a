import Engine
import Foundation
import Utils

/// The header of a .npy file: `93 N U M P Y`, a version, a length, and a Python dictionary in text.
struct NumPyHeader {
  let dtype: SafetensorsDType
  let isBigEndian: Bool
  let isColumnMajor: Bool
  let shape: [Int]
  /// Where the elements begin.
  let end: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest text that is read, as in NumPy, which parses it as a program's text.
  private static let longest = 10_000

  init(of data: Data) throws {
    (self, _) = try data.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, "its header")
      guard try reader.take(Self.magic.count).elementsEqual(Self.magic) else {
        throw WeightsDefect("does not begin as a .npy file")
      }
      let (major, _) = (try reader.integer(UInt8.self), try reader.integer(UInt8.self))
      guard 1...3 ~= major else {
        throw WeightsDefect("is a .npy file of version \(major), and 1 to 3 are read")
      }
      let length = major == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
      guard length <= Self.longest else { throw WeightsDefect("claims a header of \(length) bytes") }
      let text = String(decoding: try reader.take(length), as: UTF8.self)
      return (try NumPyHeader(text, end: reader.position), 0)
    }
  }

  private init(_ text: String, end: Int) throws {
    var literal = PythonLiteral(text)
    let members = try literal.dictionary()
    guard members.count == 3, case .text(let descr)? = members["descr"],
      case .bool(let isColumnMajor)? = members["fortran_order"], case .sizes(let shape)? = members["shape"]
    else {
      throw WeightsDefect("has a header without exactly descr, fortran_order and shape")
    }
    (dtype, isBigEndian) = try NumPyType.parse(descr)
    (self.isColumnMajor, self.shape, self.end) = (isColumnMajor, shape, end)
  }
}

/// The little of Python's notation that .npy headers are written in.
private struct PythonLiteral {
  enum Value {
    case text(String)
    case bool(Bool)
    case sizes([Int])
  }

  private var rest: Substring

  init(_ text: String) { rest = Substring(text) }

  /// `{'key': value, ...}` and nothing behind it.
  mutating func dictionary() throws -> [String: Value] {
    var members: [String: Value] = [:]
    try expect("{")
    while !take("}") {
      let key = try text()
      try expect(":")
      guard members.updateValue(try value(), forKey: key) == nil else { throw damaged }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard rest.isEmpty else { throw damaged }
    return members
  }

  private mutating func value() throws -> Value {
    skipSpace()
    if take("True") { return .bool(true) }
    if take("False") { return .bool(false) }
    if take("(") { return .sizes(try sizes()) }
    return .text(try text())
  }

  /// The rest of a tuple of whole numbers, which Python 2 wrote with an L.
  private mutating func sizes() throws -> [Int] {
    var sizes: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let size = Int(digits), sizes.count < StridedView.mostDimensions else { throw damaged }
      rest.removeFirst(digits.count)
      _ = take("L")
      sizes.append(size)
      if !take(",") {
        guard sizes.count > 1 else { throw damaged }  // (5) is a number, and (5,) a tuple
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func text() throws -> String {
    skipSpace()
    guard let mark = rest.popFirst(), mark == "'" || mark == "\"", let end = rest.firstIndex(of: mark) else {
      throw damaged
    }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(word) else { return false }
    rest.removeFirst(word.count)
    return true
  }

  private mutating func expect(_ word: String) throws { if !take(word) { throw damaged } }

  private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace } }

  private var damaged: WeightsDefect { WeightsDefect("has a damaged header") }
}
