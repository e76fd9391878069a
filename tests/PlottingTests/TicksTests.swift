import Testing

@testable import Plotting

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0, 1.0, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.0, 100.0, 5, ["0", "50", "100"]),
    (-1.0, 1.0, 5, ["−1.0", "−0.5", "0", "0.5", "1.0"]),
    (0.31, 0.72, 5, ["0.4", "0.5", "0.6", "0.7"]),
    (0.0, 12_000.0, 4, ["0", "5k", "10k"]),
    (0.0, 2_500_000.0, 6, ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"]),
    (0.0, 3e-5, 4, ["0", "1e-5", "2e-5", "3e-5"]),
    (123456.001, 123456.002, 3, ["123456.0010", "123456.0015", "123456.0020"]),
    (-1e300, 1e300, 3, ["−1e300", "0", "1e300"]),
  ])
  func linear(low: Double, high: Double, limit: Int, labels: [String]) {
    #expect(Ticks(linear: low...high, atMost: limit).labels == labels)
  }

  @Test(arguments: [
    (1e-4, 1e-1, 6, ["1e-4", "0.001", "0.01", "0.1"]),
    (1e-9, 1e3, 5, ["1e-9", "1e-6", "0.001", "1", "1000"]),
    (1.0, 9.0, 6, ["1", "2", "5"]),
    (4.1, 4.4, 4, ["4.1", "4.2", "4.3", "4.4"]),
  ])
  func logarithmic(low: Double, high: Double, limit: Int, labels: [String]) {
    #expect(Ticks(logarithmic: low...high, atMost: limit).labels == labels)
  }

  @Test func epochsAreWhole() {
    #expect(Ticks(linear: 1...3, atMost: 10, wholeNumbers: true).labels == ["1", "2", "3"])
  }

  @Test(arguments: [
    (0.0, "0"), (0.953, "0.953"), (0.9, "0.9"), (12, "12"), (1, "1"), (100, "100"), (1000, "1000"),
    (9999, "10k"),
    (1_254_000, "1.25M"), (-3.2e-5, "−3.2e-5"), (9.996e-5, "1e-4"), (.nan, "–"), (-.infinity, "−∞"),
    (1e308, "1e308"),
  ])
  func label(number: Double, text: String) {
    #expect(Ticks.label(number) == text)
  }

  @Test func scalesAlwaysHaveALength() {
    let cases: [[Double]] = [
      [], [.nan], [0], [5], [-1e308, 1e308], [1e308], [.leastNonzeroMagnitude], [1e-300, 2e-300],
      [1e9, 1e9 + 1e-7],
    ]
    for values in cases {
      for isLogarithmic in [false, true] {
        let scale = Scale(fitting: values, isLogarithmic: isLogarithmic)
        #expect(scale.range.lowerBound < scale.range.upperBound)
        #expect(scale.ticks(atMost: 8, wholeNumbers: false).values.count <= 8)
      }
    }
    #expect(Scale(0...2).share(.nan) == nil)
    #expect(Scale(1...2, isLogarithmic: true).share(0) == nil)
    #expect(Scale(0...2).share(0.5) == 0.25)
  }
}
