import Engine
import Testing

@Suite("Confusion matrix")
struct ConfusionMatrixTests {
  // Expected numbers in this file are those of scikit-learn 1.9.1:
  //   confusion_matrix(a, p, labels=range(5))
  //   precision_recall_fscore_support(a, p, labels=range(5), zero_division=0, average=None or "macro" or ...)
  private let actual: [Int32] = [0, 0, 0, 1, 1, 2, 2, 2, 2, 4]
  private let predicted: [Int32] = [0, 1, 0, 1, 2, 2, 2, 0, 2, 2]

  private var matrix: ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: 5)
    matrix.add(predicted: predicted, actual: actual)
    return matrix
  }

  @Test("counts a row for an actual and a column for a predicted class")
  func counts() {
    #expect(
      matrix.counts == [2, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
    #expect(matrix[actual: 1, predicted: 2] == 1)
    #expect(matrix[actual: 2, predicted: 1] == 0)
    #expect(matrix.total == 10)
    #expect(matrix.correct == 6)
    #expect(matrix.accuracy == 0.6)
  }

  @Test("scores each class as scikit-learn does, an absent class with 0")
  func perClass() {
    let scores = matrix.perClass
    #expect(near(scores.map(\.precision), [0.6666666666666666, 0.5, 0.6, 0, 0]))
    #expect(near(scores.map(\.recall), [0.6666666666666666, 0.5, 0.75, 0, 0]))
    #expect(near(scores.map(\.f1), [0.6666666666666666, 0.5, 0.6666666666666666, 0, 0]))
    #expect(scores.map(\.support) == [3, 2, 4, 0, 1])
  }

  @Test("averages as scikit-learn does")
  func averages() {
    #expect(near(matrix.macro, [0.35333333333333333, 0.3833333333333333, 0.3666666666666666]))
    #expect(near(matrix.micro, [0.6, 0.6, 0.6]))
    #expect(near(matrix.weighted, [0.54, 0.6, 0.5666666666666667]))
    #expect(matrix.macro.support == 10)
  }

  @Test("agrees with scikit-learn on a thousand examples of seven classes, counted one by one and in parts")
  func thousand() {
    // i = arange(1000); a = i*i % 7; p = (a + (i % 3 == 0) * (i % 5)) % 7
    var whole = ConfusionMatrix(classes: 7)
    var parts = [ConfusionMatrix(classes: 7), ConfusionMatrix(classes: 7)]
    for i in 0..<1000 {
      let actual = i * i % 7
      let predicted = (actual + (i % 3 == 0 ? i % 5 : 0)) % 7
      whole.add(predicted: predicted, actual: actual)
      parts[i % 2].add(predicted: predicted, actual: actual)
    }
    #expect(near(whole.macro, [0.48797986059047727, 0.41894771894771893, 0.45076415975484696]))
    #expect(near(whole.micro, [0.733, 0.733, 0.733]))
    #expect(near(whole.weighted, [0.8549724942372684, 0.733, 0.7891602277931798]))
    #expect(
      near(
        whole.perClass.map(\.f1),
        [0.7865168539325843, 0.7977099236641222, 0.7984790874524715, 0, 0.7726432532347505, 0, 0]))
    parts[0] += parts[1]
    #expect(parts[0] == whole)
    #expect(parts[1] != whole)
  }

  @Test("is all zeros without examples")
  func empty() {
    let matrix = ConfusionMatrix(classes: 2)
    #expect(matrix.accuracy == 0)
    #expect(near(matrix.macro, [0, 0, 0]))
    #expect(near(matrix.weighted, [0, 0, 0]))
    #expect(near(matrix.micro, [0, 0, 0]))
  }

  @Test("is perfect when everything is right")
  func perfect() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(predicted: [0, 1, 2, 2], actual: [0, 1, 2, 2])
    #expect(near(matrix.macro, [1, 1, 1]))
    #expect(matrix.accuracy == 1)
  }

  @Test("reports an aligned table, also with names beyond ASCII")
  func report() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(predicted: [0, 1, 1, 2, 2, 0], actual: [0, 0, 1, 2, 2, 2])
    #expect(
      matrix.report(classNames: ["setosa", "versicolor", "é"]) == """
                          precision  recall      f1  support
        setosa               0.5000  0.5000  0.5000        2
        versicolor           0.5000  1.0000  0.6667        1
        é                    1.0000  0.6667  0.8000        3
        accuracy                             0.6667        6
        macro average        0.6667  0.7222  0.6556        6
        weighted average     0.7500  0.6667  0.6778        6
        """)
  }

  private func near(_ scores: ConfusionMatrix.Scores, _ expected: [Double]) -> Bool {
    near([scores.precision, scores.recall, scores.f1], expected)
  }

  private func near(_ values: [Double], _ expected: [Double]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-14 }
  }
}
