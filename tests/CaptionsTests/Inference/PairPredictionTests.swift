import Testing
import Utils

@testable import CaptionData
@testable import Captions

@Suite struct PairPredictionTests {
  private func prediction(
    _ probabilities: [Double], first: Int = 4, second: Int = 5, ocr: Double? = nil
  ) -> PairPrediction {
    PairPrediction(
      VideoInputs.Neighbours(
        firstID: 1, secondID: 2, first: first, second: second, label: .same, ocrConfidence: ocr),
      probabilities)
  }

  @Test func uncertaintyIsAsPublished() {
    let pair = prediction([0.5, 0.25, 0.25, 0, 0])
    #expect(pair.label == .same && pair.confidence == 0.5)
    #expect(pair.uncertainty(.leastConfidence) == 0.5)
    #expect(pair.uncertainty(.margin) == 0.75)
    #expect(abs(pair.uncertainty(.entropy) - 1.0397) < 1e-4)
    #expect(prediction([0, 0, 1, 0, 0]).uncertainty(.entropy) == 0)
  }

  @Test func jsonBringsItBack() {
    let pair = prediction([0.1, 0.2, 0.3, 0.15, 0.25], ocr: 0.9)
    #expect(PairPrediction(pair.json(anchor: "left")) == pair)
    #expect(PairPrediction(["frame1_index": 1]) == nil)
  }

  @Test func boundariesThatComeTooSoonAreFlaggedOnce() {
    let changed: [Double] = [0, 1, 0, 0, 0]
    let quality = BoundaryQuality(
      [
        prediction(changed, first: 4, second: 5), prediction(changed, first: 6, second: 7),
        prediction(changed, first: 8, second: 9), prediction(changed, first: 11, second: 12, ocr: 0.5),
        prediction([0, 0, 0, 1, 0], first: 13, second: 14),
      ], ocrMinimum: 0.7)
    #expect(quality.rapid == [0, 1, 2] && quality.unsureText == [3])
    #expect(quality.total == 5 && quality.flaggedCount == 4 && quality.passRate == 0.2)
    #expect(BoundaryQuality([], ocrMinimum: 0.7).passRate == 1)
  }
}
