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

  @Test func ofALongSumTheFirstFourProductsAreShown() {
    #expect(Blackboard.weightedSum([0.5, 0], [1, 2], bias: 0.1, sum: 0.6) == "0.5 * 1 + 0 * 2 + 0.1 = 0.6")
    let five = [Float](repeating: 1, count: 5)
    #expect(
      Blackboard.weightedSum(five, five, bias: 0, sum: 5) == "1 * 1 + 1 * 1 + 1 * 1 + 1 * 1 + ... + 0 = 5")
  }

  @Test func aBoardHasRoomForSomeUpdatesAndSaysWhenItIsFull() {
    var told: [String] = []
    let board = Blackboard(updates: 2, features: ["a", "b"], classes: ["no", "yes"]) { told.append($0) }
    board.write(remark: "first")
    board.write(update: board.sample([1, 2], label: 1))
    #expect(!board.isFull && told == ["first", "x = (1, 2)  (a, b), class yes"])
    board.write(update: board.name(ofUnit: 0, of: 3))
    #expect(board.isFull && told.suffix(2).first == ", unit 0 (no against the rest)")
    #expect(told.last == "From here on the same rule goes on without words.\n")
    #expect(board.name(ofUnit: 0, of: 1) == "" && board.name(ofClass: 0) == "no")
  }
}
