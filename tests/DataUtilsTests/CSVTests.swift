import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("CSV files")
struct CSVTests {
  private func table(_ text: String, separator: Character = ",") throws -> CSVTable {
    try CSVTable(Array(text.utf8), file: "flowers.csv", separator: separator)
  }

  @Test func columnsByName() throws {
    let table = try table("# Title: Flowers\n#second\nlength,name\n1.5,rose\n-2e1,\"tulip, red\"\n")
    #expect(table.columns == ["length", "name"])
    #expect(table.rowCount == 2)
    #expect(try table.numbers("length") == [1.5, -20])
    #expect(try table.texts("name") == ["rose", "tulip, red"])
    #expect(table.comments == ["Title: Flowers", "second"])
    #expect(table.comment("Title") == "Flowers")
  }

  @Test(arguments: [
    ("a,b\n1,2", [["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["1", "2"]]),
    ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
    ("a,b\n\n1,2\n\n", [["1", "2"]]),
    ("a,b\n,\n", [["", ""]]),
    ("a,b\n\"say \"\"hi\"\"\",\"\"\n", [["say \"hi\"", ""]]),
    ("a,b\n\"two\nlines\",\"\"\"\"\r\n", [["two\nlines", "\""]]),
    ("a,b\n#1,2\n", [["#1", "2"]]),
    ("a,b\n1\r2,3\n", [["1\r2", "3"]]),
    ("a,b\n\"x\",y\"z\n", [["x", "y\"z"]]),
    ("a,b\nä,日本\n", [["ä", "日本"]]),
    ("a,b", []),
  ])
  func cells(text: String, rows: [[String]]) throws {
    let table = try table(text)
    #expect(table.rowCount == rows.count)
    #expect(try table.texts("a") == rows.map { $0[0] })
    #expect(try table.texts("b") == rows.map { $0[1] })
  }

  @Test func anotherSeparator() throws {
    #expect(try table("a\tb\n1,5\t2\n", separator: "\t").texts("a") == ["1,5"])
  }

  @Test func missingCells() throws {
    let table = try table("a,b\nNA,1\n,2\n3,4\n")
    #expect(try table.numbers("a", missing: ["NA"]) == [nil, nil, 3])
    expectLabError(mentioning: "line 2", "\"NA\"", "\"a\"") { _ = try table.numbers("a") }
  }

  @Test func saysWhereTheMistakeIs() throws {
    let flowers = try table("# comment\nlength,name\n1,\"two\nlines\"\nlong,rose\n")
    expectLabError(mentioning: "line 5 of flowers.csv", "\"long\"", "column \"length\"", "number") {
      _ = try flowers.numbers("length")
    }
    expectLabError(mentioning: "flowers.csv has no column \"lenght\"", "did you mean \"length\"") {
      _ = try flowers.numbers("lenght")
    }
    expectLabError(mentioning: "flowers.csv is empty") { _ = try table("") }
    expectLabError(mentioning: "flowers.csv is empty") { _ = try table("# only a comment\n\n") }
    expectLabError(mentioning: "flowers.csv has 2 cells, line 3 3") { _ = try table("a,b\n1,2\n1,2,3\n") }
    expectLabError(mentioning: "2 cells, line 2 1") { _ = try table("a,b\n1\n") }
    expectLabError(mentioning: "line 2", "never closed") { _ = try table("a,b\n\"1,2\n3,4\n") }
    expectLabError(mentioning: "line 2", "closing quotation mark") { _ = try table("a,b\n\"1\"x,2\n") }
    expectLabError(mentioning: "two columns") { _ = try table("a,a\n1,2\n") }
    expectLabError(mentioning: "line 2", "UTF-8") {
      _ = try CSVTable(Array("a\n".utf8) + [0xFF, 0x0A], file: "flowers.csv")
    }
  }

  @Test(arguments: ["nan", "inf", "1e99", "0x", "1 ", "--1", "1,5", "\u{1B}[2J"])
  func refusesWhatIsNoNumber(cell: String) throws {
    let table = try table("a\n\"\(cell)\"\n")
    let sentence = expectLabError(mentioning: "line 2") { _ = try table.numbers("a") }
    #expect(!sentence.contains("\u{1B}"))
  }

  @Test func everyPrefixIsReadOrRefused() {
    let bytes = Array("# c\na,b\r\n\"x\"\"y\",2\n\"\n\",ä\n".utf8)
    for length in 0...bytes.count {
      do {
        _ = try CSVTable(Array(bytes.prefix(length)), file: "cut.csv")
      } catch {
        #expect((error as? LabError)?.cause.contains("cut.csv") == true, "\(error)")
      }
    }
  }
}
