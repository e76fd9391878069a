import Testing

@testable import Runner

@Suite struct BlackboardTests {
  @Test(
    arguments: [
      (0.5, "0.5"), (-1.33333, "-1.3333"), (2, "2"), (-0.0, "0"), (0.00001, "0"), (1e-4, "0.0001"),
      (0.1, "0.1"), (123456.78, "123456.7813"),
    ] as [(Float, String)]) func numbersHaveAtMostFourDigits(value: Float, text: String)
  {
    #expect(Blackboard.number(value) == text)
  }

  @Test func numbersOfEverySizeAreWritten() {
    #expect(Blackboard.number(3e12) == "3000000053248.0")
    #expect(Blackboard.number(.infinity) == "inf" && Blackboard.number(.nan) == "nan")
  }

  @Test func aSignStandsBeforeEveryNumber() {
    #expect(
      Blackboard.signed(0.25) == "+0.25" && Blackboard.signed(-1) == "-1" && Blackboard.signed(0) == "+0")
  }

  @Test func longVectorsAreCutOff() {
    #expect(Blackboard.vector([0.1, -0.2]) == "(0.1, -0.2)")
    #expect(Blackboard.vector([Float](repeating: 1, count: 8)) == "(1, 1, 1, 1, 1, 1, 1, 1)")
    #expect(Blackboard.vector([Float](repeating: 1, count: 9)) == "(1, 1, 1, 1, 1, 1, 1, 1, ... 9 numbers)")
    #expect(Blackboard.vector([]) == "()")
  }
}
