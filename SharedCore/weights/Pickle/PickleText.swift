/// How pickles write numbers and texts.
enum PickleText {
  /// A whole number in two's complement, little-endian, of any length; `.other` beyond 64 bits.
  static func integer(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    guard bytes.count <= 8 else { return .other }
    guard let last = bytes.last else { return .int(0) }
    var value: Int64 = last & 0x80 == 0 ? 0 : -1
    for byte in bytes.reversed() { value = value << 8 | Int64(byte) }
    return .int(value)
  }

  /// A whole number in digits; protocol 0 writes truth values as 00 and 01, and Python 2 long ones with an L.
  static func integer(line: String) throws -> PickleValue {
    if line == "00" || line == "01" { return .bool(line == "01") }
    let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
    if let value = Int64(digits) { return .int(value) }
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-") }) else { throw damaged(line) }
    return .other
  }

  /// A number with a point.
  static func float(line: String) throws -> PickleValue {
    guard let value = Double(line) else { throw damaged(line) }
    return .float(value)
  }

  /// The number of a place in the memo.
  static func index(_ line: String) throws -> Int {
    guard let index = Int(line), index >= 0, index <= Int(UInt32.max) else { throw damaged(line) }
    return index
  }

  /// A text as Python 2 writes it: in quotation marks of one kind, with escapes.
  static func quoted(line: String) throws -> PickleValue {
    guard line.count >= 2, let mark = line.first, "'\"".contains(mark), line.last == mark else {
      throw damaged(line)
    }
    return .text(unescaped(String(line.dropFirst().dropLast())))
  }

  /// `text` with its escapes `\\`, `\'`, `\"`, `\n`, `\r`, `\t`, `\xNN`, `\uNNNN` and `\UNNNNNNNN` replaced.
  static func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let letter = rest.popFirst() else {
        result.append(scalar)
        continue
      }
      let length: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
      if let digits = length[letter], let value = UInt32(String(rest.prefix(digits)), radix: 16),
        let meant = Unicode.Scalar(value)
      {
        result.append(meant)
        rest = rest.dropFirst(digits)
      } else {
        let known: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "r": "\r", "t": "\t"]
        result.append(known[letter] ?? letter)
      }
    }
    return String(result)
  }

  private static func damaged(_ line: String) -> WeightsDefect {
    WeightsDefect("has a pickle that writes a number as \(String(line.prefix(40)).quoted)")
  }
}
