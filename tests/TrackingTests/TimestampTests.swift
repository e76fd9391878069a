import Foundation
import Testing

@testable import Tracking

@Suite struct TimestampTests {
  @Test func isoTimesSortAndComeBack() {
    #expect(Timestamp.iso8601(sampleDate) == "2026-11-21T06:21:33.250Z")
    #expect(Timestamp.date(iso8601: "2026-11-21T06:21:33.250Z") == sampleDate)
    let early = Date(timeIntervalSince1970: -0.5)
    #expect(Timestamp.iso8601(early) == "1969-12-31T23:59:59.500Z")
    #expect(Timestamp.date(iso8601: Timestamp.iso8601(early)) == early)
  }

  @Test(arguments: ["", "2026-11-21", "2026-11-21T06:21:33.250", "yesterday, at about seven"])
  func otherTextsAreNoDates(text: String) { #expect(Timestamp.date(iso8601: text) == nil) }

  @Test func folderNamesAreLocalTime() {
    #expect(Timestamp.folderName(sampleDate).wholeMatch(of: /\d{8}-\d{6}/) != nil)
    let offset = Double(TimeZone.current.secondsFromGMT(for: sampleDate))
    let shifted = Timestamp.iso8601(sampleDate.addingTimeInterval(offset)).filter(\.isNumber).prefix(14)
    #expect(Timestamp.folderName(sampleDate).filter(\.isNumber) == shifted)
    #expect(Timestamp.readable(sampleDate).filter(\.isNumber) == shifted)
  }
}
