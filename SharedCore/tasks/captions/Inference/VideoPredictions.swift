import CaptionData
import Foundation
import Utils

/// What a network says of all neighbouring captions of one video; as JSON the result of `infer`.
public struct VideoPredictions: Sendable {
  /// The annotations, and the SHA-256 of the video.
  public let path, hash: String
  /// The SHA-256 of the checkpoint, and its architecture.
  let checkpoint, architecture: String
  let anchor: String
  /// From which confidence on a boundary is one, and from which mean confidence on text counts as read.
  public let confidence, ocrMinimum: Double
  /// Whether stretches that nobody has confirmed were asked about, too.
  let all: Bool
  /// The pairs that could be read, in the order of the video.
  public let pairs: [PairPrediction]
  /// Why the others could not, a sentence each.
  public let failures: [String]
  /// How long the network worked; 0 of a result that was read.
  let networkSeconds: Double

  /// What `detector` says to `questions`, which are asked once.
  ///
  /// - Parameter progress: told how many pairs of how many are done.
  init(
    of questions: VideoQuestions, by detector: CaptionDetector, confidence: Double, ocrMinimum: Double,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let (video, neighbours) = (questions.video, questions.neighbours)
    var (pairs, failures): ([PairPrediction], [String]) = ([], [])
    var done = 0
    networkSeconds = try detector.answer(questions) { answers in
      for (pair, answer) in zip(neighbours[done...], answers) {
        switch answer {
        case .success(let probabilities): pairs.append(PairPrediction(pair, probabilities))
        case .failure(let error): failures.append("\(error)")
        }
      }
      done += answers.count
      progress(done, neighbours.count)
    }
    (self.pairs, self.failures, self.confidence, self.ocrMinimum) = (pairs, failures, confidence, ocrMinimum)
    (path, hash, anchor) = (video.database.url.path, video.facts.hash, video.anchor.rawValue)
    (checkpoint, architecture, all) = (detector.sha256, detector.architecture, questions.all)
  }

  /// The pairs between which a caption changes, with enough confidence.
  public var boundaries: [PairPrediction] {
    pairs.filter { $0.label.isBoundary && $0.confidence >= confidence }
  }

  /// How far the boundaries can be trusted.
  public var quality: BoundaryQuality { BoundaryQuality(boundaries, ocrMinimum: ocrMinimum) }

  /// The result as it is written.
  public var json: JSONValue {
    let quality = quality
    return [
      "version": 1, "video": .string(path), "video_hash": .string(hash), "checkpoint": .string(checkpoint),
      "architecture": .string(architecture), "confidence": .number(confidence),
      "ocr_min": .number(ocrMinimum), "all": .bool(all),
      "boundaries": .array(boundaries.map { $0.json(anchor: anchor) }),
      "pairs": .array(pairs.map { $0.json(anchor: anchor) }),
      "failures": .array(failures.map(JSONValue.string)), "quality_stats": quality.json,
      "num_boundaries": .integer(Int64(quality.total)), "num_flagged": .integer(Int64(quality.flaggedCount)),
    ]
  }

  /// The result in the file at `url`; throws a `LabError` where it is none.
  public init(contentsOf url: URL) throws {
    let remedy = "make it with lab captions infer"
    let bytes = try InputFile.read(url, remedy: remedy)
    guard let json = try? JSONValue(parsing: bytes), json["version"]?.int == 1,
      let rows = json["pairs"]?.array, let path = json["video"]?.string,
      case let pairs = rows.compactMap(PairPrediction.init), pairs.count == rows.count
    else {
      throw LabError(.data, "\(url.relativePath) holds no predictions", remedy: remedy)
    }
    (self.path, self.pairs) = (path, pairs)
    func text(_ key: String) -> String { json[key]?.string ?? "" }
    (hash, checkpoint, architecture) = (text("video_hash"), text("checkpoint"), text("architecture"))
    anchor = rows.first?["anchor_type"]?.string ?? CaptionAnchor.center.rawValue
    (confidence, ocrMinimum) = (json["confidence"]?.double ?? 0.8, json["ocr_min"]?.double ?? 0.7)
    (all, networkSeconds) = (json["all"]?.bool ?? false, 0)
    failures = json["failures"]?.array?.compactMap(\.string) ?? []
  }
}

/// How far the boundaries of a video can be trusted.
public struct BoundaryQuality: Equatable, Sendable {
  /// How many boundaries there are.
  public let total: Int
  /// The places of those that come too soon behind another (both `different`, less than two frames between), and of those where
  /// text was read with too little confidence.
  public let rapid, unsureText: [Int]

  /// Looks at boundaries in the order of their video.
  public init(_ boundaries: [PairPrediction], ocrMinimum: Double) {
    total = boundaries.count
    rapid = zip(boundaries, boundaries.dropFirst()).enumerated().flatMap { place, pair -> [Int] in
      let isRapid =
        pair.0.label == .different && pair.1.label == .different && pair.1.first - pair.0.second < 2
      return isRapid ? [place, place + 1] : []
    }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    unsureText = boundaries.indices.filter { (boundaries[$0].ocrConfidence ?? 1) < ocrMinimum }
  }

  /// How many boundaries have either fault.
  public var flaggedCount: Int { Set(rapid + unsureText).count }

  /// The share of the boundaries without a fault; 1 of none.
  public var passRate: Double { total == 0 ? 1 : Double(total - flaggedCount) / Double(total) }

  var json: JSONValue {
    func places(_ places: [Int]) -> JSONValue { .array(places.map { .integer(Int64($0)) }) }
    return [
      "total": .integer(Int64(total)), "flagged_rapid": places(rapid), "flagged_ocr": places(unsureText),
      "pass_rate": .number(passRate),
    ]
  }
}
