import Testing
import Utils

@Suite("JSON writer")
struct JSONWriterTests {
  @Test(
    "writes the shortest text that reads back as the same value",
    arguments: [
      (JSONValue.null, "null"), (true, "true"), (.integer(.min), "-9223372036854775808"),
      (.number(3), "3.0"), (.number(0.1), "0.1"), (.number(-0.0), "-0.0"), (.number(1e300), "1e+300"),
      (.number(.leastNonzeroMagnitude), "5e-324"), (.number(0.1 + 0.2), "0.30000000000000004"),
      ("", "\"\""),
      ("a\"\\/\u{8}\u{C}\n\r\t\0\u{1F}\u{7F}é😀", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7F}é😀\""),
      ([], "[]"), ([:], "{}"), ([1, [2, nil]], "[1,[2,null]]"),
      (
        ["b": 1, "a": ["d": [], "c": 2], "B": 0, "é": 4, "": 3],
        #"{"":3,"B":0,"a":{"c":2,"d":[]},"b":1,"é":4}"#
      ),
    ] as [(JSONValue, String)])
  func writes(value: JSONValue, text: String) throws {
    #expect(value.text() == text)
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: value.text(pretty: true)) == value)
  }

  @Test("writes null for numbers that JSON has no words for", arguments: [Double.nan, .infinity, -.infinity])
  func nonFinite(number: Double) {
    #expect(JSONValue.array([.number(number)]).text() == "[null]")
  }

  @Test("writes pretty text with two spaces a level")
  func pretty() {
    let value: JSONValue = ["shape": [2, 3], "empty": [], "none": [:], "name": "w"]
    #expect(
      value.text(pretty: true) == """
        {
          "empty": [],
          "name": "w",
          "none": {},
          "shape": [
            2,
            3
          ]
        }
        """)
  }

  @Test("sorts keys by their bytes, not by their canonical form")
  func keyOrder() {
    // U+212B is canonically U+00C5, but its bytes come after those of U+03A9.
    let value: JSONValue = ["\u{212B}": 1, "\u{3A9}": 2]
    #expect(value.text() == "{\"\u{3A9}\":2,\"\u{212B}\":1}")
  }
}
