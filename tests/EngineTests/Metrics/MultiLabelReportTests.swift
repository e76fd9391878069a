import Testing

@testable import Engine

@Suite("Multi-label report")
struct MultiLabelReportTests {
  /// Four samples of three classes; class c is never there and never said.
  private let report = MultiLabelReport(
    probabilities: [0.9, 0.2, 0.1, 0.8, 0.7, 0.2, 0.5, 0.6, 0.3, 0.1, 0.1, 0.4],
    targets: [1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0], classNames: ["a", "b", "c"], thresholds: [0.5, 0.5, 0.5])

  @Test("counts and scores are those one computes by hand, as scikit-learn does")
  func scores() {
    let (a, b, c) = (report.perClass[0], report.perClass[1], report.perClass[2])
    #expect([a.truePositives, a.falsePositives, a.trueNegatives, a.falseNegatives] == [1, 1, 1, 1])
    #expect([b.truePositives, b.falsePositives, b.trueNegatives, b.falseNegatives] == [2, 0, 1, 1])
    #expect([c.truePositives, c.falsePositives, c.trueNegatives, c.falseNegatives] == [0, 0, 4, 0])
    #expect(a.f1 == 0.5 && b.precision == 1 && b.recall == 2.0 / 3 && b.f1 == 0.8 && c.f1 == 0)
    #expect(abs(report.macro(\.f1) - 1.3 / 3) < 1e-12)
    #expect(report.total.precision == 0.75 && report.total.recall == 0.6)
    #expect(abs(report.total.f1 - 2.0 / 3) < 1e-12)
    #expect(report.accuracy == 0.25 && report.hammingLoss == 0.25 && report.count == 4)
  }

  @Test("forty rows of four classes, each with its threshold, as scikit-learn 1.9 counts them")
  func scikitLearn() {
    let report = MultiLabelReport(
      probabilities: (0..<160).map { Double($0 * 37 % 101) / 100 },
      targets: (0..<160).map { ($0 * 53 % 97) % 3 == 0 ? 1 : 0 }, classNames: ["a", "b", "c", "d"],
      thresholds: [0.5, 0.3, 0.7, 0.5])
    let counts = report.perClass.map {
      [$0.trueNegatives, $0.falsePositives, $0.falseNegatives, $0.truePositives]
    }
    #expect(counts == [[12, 12, 9, 7], [11, 17, 3, 9], [13, 10, 15, 2], [16, 14, 5, 5]])
    let ours = [
      report.macro(\.precision), report.macro(\.recall), report.macro(\.f1), report.total.precision,
      report.total.recall, report.total.f1, report.accuracy, report.hammingLoss,
    ]
    let theirs = [
      0.28609986504723345, 0.45128676470588236, 0.3391107078039928, 0.3026315789473684, 0.41818181818181815,
      0.3511450381679389, 0, 0.53125,
    ]
    for (a, b) in zip(ours, theirs) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("names are those of the specification")
  func names() {
    let metrics = report.metrics
    #expect(
      metrics.prefix(8).map(\.name) == [
        "accuracy", "f1_macro", "precision_macro", "recall_macro", "precision_micro", "recall_micro",
        "f1_micro",
        "hamming_loss",
      ])
    #expect(
      metrics.filter { $0.name.hasPrefix("b_") }.map(\.name)
        == ["precision", "recall", "f1", "tp", "fp", "tn", "fn", "support"].map { "b_\($0)" })
    #expect(metrics["b_support"] == 3 && metrics["a_fp"] == 1 && metrics.count == 8 + 24)
    #expect(metrics.filter { !$0.isDetail }.map(\.name) == ["accuracy", "f1_macro"])
  }

  @Test("probabilities are always compared with the threshold, each class with its own")
  func thresholds() {
    let strict = MultiLabelReport(
      probabilities: [0.3, 0.3], targets: [1, 1], classNames: ["a", "b"], thresholds: [0.2, 0.3])
    #expect(strict.perClass[0].truePositives == 1)
    #expect(strict.perClass[1].falseNegatives == 1, "a probability equal to the threshold is below it")
  }

  @Test("the table for people has a row a class and the averages")
  func text() {
    let lines = report.text.split(separator: "\n")
    #expect(lines.count == 8)
    #expect(lines[2].hasPrefix("b") && lines[2].contains("0.8000") && lines[2].hasSuffix("0.50"))
    #expect(lines[4].hasPrefix("macro average") && lines[4].contains("0.4333"))
  }

  @Test("of no samples every score is 0")
  func empty() {
    let empty = MultiLabelReport(probabilities: [], targets: [], classNames: ["a"], thresholds: [0.5])
    #expect(empty.accuracy == 0 && empty.hammingLoss == 0 && empty.macro(\.f1) == 0)
  }
}
