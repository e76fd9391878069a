import Engine
import Testing

/// Of 10 of 51 samples, worked out with Wilson's formula in Python, and at the ends.
@Suite struct ShareIntervalTests {
  @Test func theIntervalOfTenOfFiftyOne() throws {
    let interval = try #require(ShareInterval(10.0 / 51, of: 51))
    #expect(abs(interval.lower - 0.1104) < 5e-4 && abs(interval.upper - 0.3247) < 5e-4)
    #expect(interval.text == "0.11 to 0.32")
  }

  @Test func endsStayWithinZeroAndOne() throws {
    let none = try #require(ShareInterval(0, of: 20))
    #expect(abs(none.lower) < 1e-12 && abs(none.upper - 0.1611) < 5e-4)
    let all = try #require(ShareInterval(1, of: 20))
    #expect(abs(all.upper - 1) < 1e-12 && abs(all.lower - 0.8389) < 5e-4)
  }

  @Test func whatIsNoShareHasNone() {
    #expect(ShareInterval(0.5, of: 0) == nil && ShareInterval(1.5, of: 9) == nil)
    #expect(ShareInterval(.nan, of: 9) == nil)
  }
}
