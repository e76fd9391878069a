import Testing
@testable import Utils

@Suite("JSON parser")
struct JSONParserTests {
  @Test(
    "accepts",
    arguments: [
      ("null", JSONValue.null), (" \t\r\ntrue \n", true), ("false", false),
      ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(0x1p63)), ("1.0", .number(1)), ("1e3", .number(1000)),
      ("-2.5E-1", .number(-0.25)), ("0.1", .number(0.1)), ("1e-999", .number(0)),
      ("\"\"", ""), ("\"a\u{7F}é日\"", "a\u{7F}é日"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""x\u0041\u00e9\u20AC\uD83D\uDE00y""#, "xAé€😀y"), (#""\u0000""#, "\0"),
      ("[]", []), ("[ ]", []), ("[1, [2], {}]", [1, [2], [:]]), ("{}", [:]),
      (#"{"a": {"b": [null]}, "": 1}"#, ["a": ["b": [nil]], "": 1]),
    ] as [(String, JSONValue)])
  func accepts(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: AnyCollection(Array(text.utf8))) == value)
  }

  @Test("keeps the bytes of a string as they are, without normalising them")
  func keepsScalars() throws {
    let text = try #require(try JSONValue(parsing: "\"e\u{301}\"").string)
    #expect(Array(text.utf8) == [0x65, 0xCC, 0x81])
  }

  @Test(
    "refuses with the reason and the byte",
    arguments: [
      ("", "the text ends where a value is expected at byte 0"),
      ("  ", "the text ends where a value is expected at byte 2"),
      ("}", "a value is expected, not '}' at byte 0"),
      ("\u{FEFF}1", "a byte order mark is not allowed at byte 0"),
      ("\u{A0}1", "a value is expected, not byte 0xc2 at byte 0"),
      ("1 2", "the end is expected, not '2' at byte 2"),
      ("1\0", "the end is expected, not byte 0x00 at byte 1"),
      ("01", "a number may not start with 0 at byte 0"),
      ("-", "the text ends where a digit is expected at byte 1"),
      ("+1", "a value is expected, not '+' at byte 0"),
      (".5", "a value is expected, not '.' at byte 0"),
      ("1.", "the text ends where a digit is expected at byte 2"),
      ("1.e3", "a digit is expected, not 'e' at byte 2"),
      ("1e+", "the text ends where a digit is expected at byte 3"),
      ("1e999", "a number is too large for 64-bit floating point at byte 0"),
      ("NaN", "a value is expected, not 'N' at byte 0"),
      ("nul", "the text ends where 'null' is expected at byte 3"),
      ("trux", "'true' is expected, not 'x' at byte 3"),
      ("[1,]", "a value is expected, not ']' at byte 3"),
      ("[1 2]", "',' or ']' is expected, not '2' at byte 3"),
      ("[1", "the text ends where ',' or ']' is expected at byte 2"),
      ("{\"a\":1,}", "a key in quotation marks is expected, not '}' at byte 7"),
      ("{a:1}", "a key in quotation marks is expected, not 'a' at byte 1"),
      ("{\"a\" 1}", "':' is expected, not '1' at byte 5"),
      ("{\"a\":1", "the text ends where ',' or '}' is expected at byte 6"),
      ("{\"a\":1,\"b\":2,\"\\u0061\":null}", "the key \"a\" appears twice at byte 13"),
      ("\"abc", "the text ends inside a string that starts at byte 0"),
      ("\"a\nb\"", "a control character (byte 0x0a) must be escaped at byte 2"),
      (#""\x""#, "one of \"\\/bfnrtu after a backslash is expected, not 'x' at byte 2"),
      (#""\u12G4""#, "a hexadecimal digit is expected, not 'G' at byte 5"),
      (#""\uD83D""#, "half a surrogate pair at byte 3"),
      (#""\uD83Dx""#, "half a surrogate pair at byte 3"),
      (#""\uD83D\u0041""#, "half a surrogate pair at byte 3"),
      (#""\uDE00\uD83D""#, "half a surrogate pair at byte 3"),
      ("// no\n1", "a value is expected, not '/' at byte 0"),
    ])
  func refuses(text: String, description: String) {
    #expect(parseError(Array(text.utf8))?.description == description)
  }

  @Test(
    "refuses invalid UTF-8",
    arguments: [
      [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    #expect(
      parseError([0x20, quote] + bytes + [quote])
        == JSONParseError(reason: "invalid UTF-8 in the string", offset: 1))
    let escapeFirst = [quote] + Array(#"\n"#.utf8) + bytes + [quote]
    #expect(parseError(escapeFirst)?.reason == "invalid UTF-8 in the string")
    #expect(parseError(bytes) != nil)
  }

  @Test("nests to the limit and no deeper, also when an attacker nests a million deep")
  func depth() throws {
    let limit = JSONValue.depthLimit
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(throws: Never.self) { try JSONValue(parsing: nested(limit)) }
    let reason = "arrays and objects are nested more than \(limit) deep"
    #expect(parseError(nested(limit + 1)) == JSONParseError(reason: reason, offset: limit))
    #expect(parseError(nested(1_000_000)) == JSONParseError(reason: reason, offset: limit))
    let siblings = "[" + String(repeating: "[],", count: limit) + "{}]"
    #expect(throws: Never.self) { try JSONValue(parsing: siblings) }
  }

  @Test("neither a cut nor a changed byte ever crashes, and what is still read can be written and read again")
  func fuzz() throws {
    let sample = Array(
      #"{"a":[1,-2.5e3,true,null,"\uD83D\uDE00 \n é"],"__metadata__":{"k":"v"},"w":{"shape":[2,3],"x":[0,24]}}"#
        .utf8)
    for end in 0..<sample.count { #expect(parseError(Array(sample[..<end])) != nil, "cut at \(end)") }
    var read = 0
    for index in sample.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = sample
        changed[index] = byte
        guard let value = try? JSONValue(parsing: changed) else { continue }
        read += 1
        #expect(try JSONValue(parsing: value.text()) == value)
      }
    }
    #expect(read > sample.count)
  }

  private func parseError(_ bytes: [UInt8]) -> JSONParseError? {
    do throws(JSONParseError) {
      _ = try JSONValue(parsing: bytes)
      return nil
    } catch {
      return error
    }
  }
}
