/// Why a text is not the JSON that is read here, and where.
public struct JSONParseError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, without a full stop: "a value is expected, not '}'".
  public let reason: String
  /// The byte it is wrong at, counted from 0.
  public let offset: Int

  /// The reason and the place: "a value is expected, not '}' at byte 12".
  public var description: String { "\(reason) at byte \(offset)" }
}

extension JSONValue {
  /// The deepest nesting of arrays and objects that is read; RFC 8259 §9 leaves the limit to the reader.
  public static let depthLimit = 128

  /// The document in `bytes`, read strictly by RFC 8259, or an error that says what is wrong at which byte.
  ///
  /// Refused beyond the grammar: a byte order mark, invalid UTF-8, half a surrogate pair, a key that appears twice
  /// (canonically equivalent Unicode keys are the same key), more than `depthLimit` levels and numbers beyond Double.
  /// Whole numbers without point and exponent that fit into Int64 become `.integer`, all others `.number`.
  public init(parsing bytes: some Collection<UInt8>) throws(JSONParseError) {
    let parsed = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(JSONParseError) in try JSONParser.document(in: buffer) }
    }
    if let parsed {
      self = try parsed.get()
    } else {
      try self.init(parsing: Array(bytes))
    }
  }

  /// The document in `text`; see `init(parsing:)` for bytes.
  public init(parsing text: String) throws(JSONParseError) { try self.init(parsing: text.utf8) }
}

/// A recursive descent over the bytes of one document; one method for each rule of the grammar.
private struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  static func document(in bytes: UnsafeBufferPointer<UInt8>) throws(JSONParseError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw parser.error("a byte order mark is not allowed") }
    parser.skipWhiteSpace()
    let value = try parser.value()
    parser.skipWhiteSpace()
    guard parser.position == bytes.count else { throw parser.expected("the end") }
    return value
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  // MARK: The grammar

  private mutating func value() throws(JSONParseError) -> JSONValue {
    guard let next else { throw expected("a value") }
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw expected("a value")
    }
  }

  private mutating func object() throws(JSONParseError) -> JSONValue {
    try descend()
    var members: [String: JSONValue] = [:]
    if take("}") { return ascend(.object(members)) }
    repeat {
      skipWhiteSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw expected("a key in quotation marks") }
      let key = try string()
      skipWhiteSpace()
      guard take(":") else { throw expected("':'") }
      skipWhiteSpace()
      if case .some = members.updateValue(try value(), forKey: key) {
        throw error("the key \(key.quoted) appears twice", at: start)
      }
      skipWhiteSpace()
    } while take(",")
    guard take("}") else { throw expected("',' or '}'") }
    return ascend(.object(members))
  }

  private mutating func array() throws(JSONParseError) -> JSONValue {
    try descend()
    var elements: [JSONValue] = []
    if take("]") { return ascend(.array(elements)) }
    repeat {
      skipWhiteSpace()
      elements.append(try value())
      skipWhiteSpace()
    } while take(",")
    guard take("]") else { throw expected("',' or ']'") }
    return ascend(.array(elements))
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[offset] else { throw expected("'\(word)'") }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONParseError) -> JSONValue {
    let start = position
    var isWhole = true
    _ = take("-")
    if take("0") {
      if let next, isDigit(next) { throw error("a number may not start with 0", at: start) }
    } else {
      try digits()
    }
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let whole = Int64(text) { return .integer(whole) }
    guard let number = Double(text), number.isFinite else {
      throw error("a number is too large for 64-bit floating point", at: start)
    }
    return .number(number)
  }

  private mutating func digits() throws(JSONParseError) {
    let start = position
    while let next, isDigit(next) { position += 1 }
    guard position > start else { throw expected("a digit") }
  }

  // MARK: Strings

  private mutating func string() throws(JSONParseError) -> String {
    let start = position
    position += 1
    var runStart = position
    var unescaped: [UInt8] = []  // what came before the newest escape; empty in most strings
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        let run = UnsafeBufferPointer(rebasing: bytes[runStart..<position])
        position += 1
        if unescaped.isEmpty { return try checked(run, start) }
        unescaped += run
        return try checked(unescaped, start)
      case UInt8(ascii: "\\"):
        unescaped += bytes[runStart..<position]
        try appendEscape(to: &unescaped)
        runStart = position
      case 0..<0x20:
        throw error("a control character (\(described(byte))) must be escaped")
      default:
        position += 1
      }
    }
    throw error("the text ends inside a string that starts", at: start)
  }

  private func checked(_ text: some Sequence<UInt8>, _ start: Int) throws(JSONParseError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw error("invalid UTF-8 in the string", at: start)
    }
    return string
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONParseError) {
    position += 1
    guard let byte = next else { throw expected("an escaped character") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      text += String(try escapedScalar()).utf8
      return
    default: throw expected("one of \"\\/bfnrtu after a backslash")
    }
    position += 1
  }

  /// What follows `\u`: four digits, or a surrogate pair `D83D\uDE00` (RFC 8259 §7).
  private mutating func escapedScalar() throws(JSONParseError) -> Unicode.Scalar {
    let start = position
    let high = try fourHexDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, take("\\"), take("u") {
      let low = try fourHexDigits()
      if 0xDC00..<0xE000 ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw error("half a surrogate pair", at: start)
  }

  private mutating func fourHexDigits() throws(JSONParseError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw expected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: Steps

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipWhiteSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func descend() throws(JSONParseError) {
    guard depth < JSONValue.depthLimit else {
      throw error("arrays and objects are nested more than \(JSONValue.depthLimit) deep")
    }
    depth += 1
    position += 1
    skipWhiteSpace()
  }

  private mutating func ascend(_ value: JSONValue) -> JSONValue {
    depth -= 1
    return value
  }

  // MARK: Errors

  private func error(_ reason: String, at offset: Int? = nil) -> JSONParseError {
    JSONParseError(reason: reason, offset: offset ?? position)
  }

  private func expected(_ what: String) -> JSONParseError {
    guard let next else { return error("the text ends where \(what) is expected") }
    return error("\(what) is expected, not \(described(next))")
  }

  private func described(_ byte: UInt8) -> String {
    if 0x21...0x7E ~= byte { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16)
    return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
  }
}
