import CaptionData
import Foundation
import Utils

/// What a network says of two frames.
public struct PairPrediction: Equatable, Sendable {
  /// The numbers of the frames, and the rows of the stretches that they end and begin.
  public let first, second: Int
  let firstID, secondID: Int
  /// The probability of each label, in their order.
  public let probabilities: [Double]
  /// What an annotator says; nil where nobody does.
  public let annotated: CaptionLabel?
  /// How sure a reader of characters was there; nil where it found nothing.
  public let ocrConfidence: Double?

  init(_ pair: VideoInputs.Neighbours, _ probabilities: [Double]) {
    (first, second, firstID, secondID) = (pair.first, pair.second, pair.firstID, pair.secondID)
    (self.probabilities, annotated, ocrConfidence) = (probabilities, pair.label, pair.ocrConfidence)
  }

  /// The likeliest label.
  public var label: CaptionLabel { CaptionLabel.allCases[ranked[0]] }
  /// Its probability.
  public var confidence: Double { probabilities[ranked[0]] }
  private var ranked: [Int] { probabilities.indices.sorted { probabilities[$0] > probabilities[$1] } }

  /// How little the network knows, larger for less.
  public func uncertainty(_ measure: UncertaintyMeasure) -> Double {
    switch measure {
    case .leastConfidence: 1 - confidence
    case .margin: 1 - (confidence - probabilities[ranked[1]])
    case .entropy: -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
    }
  }

  func json(anchor: String) -> JSONValue {
    [
      "frame1_index": .integer(Int64(first)), "frame2_index": .integer(Int64(second)),
      "caption1_id": .integer(Int64(firstID)), "caption2_id": .integer(Int64(secondID)),
      "predicted_label": .string(label.rawValue), "confidence": .number(confidence),
      "probabilities": .object(
        Dictionary(uniqueKeysWithValues: zip(CaptionLabel.names, probabilities.map(JSONValue.number)))),
      "anchor_type": .string(anchor), "annotated_label": annotated.map { .string($0.rawValue) } ?? .null,
      "ocr_confidence": ocrConfidence.map { .number($0) } ?? .null,
    ]
  }

  init?(_ json: JSONValue) {
    let probabilities = CaptionLabel.names.compactMap { json["probabilities"]?[$0]?.double }
    guard let first = json["frame1_index"]?.int, let second = json["frame2_index"]?.int,
      probabilities.count == CaptionLabel.names.count, probabilities.allSatisfy({ (0...1.001).contains($0) })
    else { return nil }
    (self.first, self.second, self.probabilities) = (first, second, probabilities)
    (firstID, secondID) = (json["caption1_id"]?.int ?? 0, json["caption2_id"]?.int ?? 0)
    annotated = json["annotated_label"]?.string.flatMap(CaptionLabel.init(rawValue:))
    ocrConfidence = json["ocr_confidence"]?.double
  }
}

/// How it is measured that a network knows little of a pair (Settles, "Active Learning Literature Survey", 2009, §3.1).
public enum UncertaintyMeasure: String, CaseIterable, Sendable {
  /// 1 - the largest probability.
  case leastConfidence = "least_confidence"
  /// 1 - the difference of the two largest.
  case margin
  /// -sum p log p, in nats.
  case entropy
}
