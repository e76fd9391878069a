import Foundation
import Utils

/// The pairs of a data set and their parts, before any picture is read.
struct DatasetPlan: Sendable {
  /// A pair in its video and its part.
  struct Sample: Equatable, Sendable {
    let video: Int
    let pair: FramePair
    let part: PairPart
  }

  /// A video by its hash, the annotations of it that are used, and the frames to take from each.
  struct Video: Sendable {
    let surveys: [VideoSurvey]
    var frames: [(survey: Int, index: Int)]

    /// What says where its captions lie.
    var main: VideoSurvey { surveys[0] }
    var cropBoundsVersion: Int { main.layout?.cropBoundsVersion ?? 1 }
  }

  let videos: [Video]
  let samples: [Sample]
  /// What the user should know: videos left out, pairs that were there twice.
  let notices: [String]

  /// Reads the annotations of all videos that `request` names.
  ///
  /// Throws a `LabError` where any is damaged, where none can be used, and where a label has no pair.
  init(_ request: DatasetRequest) throws {
    let files = try AnnotationSearch.files(request.places)
    let surveys = try concurrentMap(files.count) { try VideoSurvey(files[$0]) }
    let remedy = "confirm captions with the annotation program, or name other videos"
    var notices = surveys.compactMap { survey in survey.obstacle.map { "\($0); it is left out." } }
    let usable = surveys.filter { $0.obstacle == nil }
    notices += usable.compactMap(\.notice)
    guard !usable.isEmpty else {
      let others = surveys.count - 1
      let more =
        others == 0
        ? ""
        : others == 1
          ? ", and the other video gives no pair either"
          : ", and none of the \(grouped(others)) others gives a pair"
      throw LabError(.data, (surveys[0].obstacle ?? "") + more, remedy: remedy)
    }

    let groups = Dictionary(grouping: usable.indices, by: { usable[$0].facts.hash }).values
      .sorted { $0[0] < $1[0] }
    var (videos, found): ([Video], [(video: Int, pair: FramePair)]) = ([], [])
    var (twice, contradictions) = (0, 0)
    for (number, group) in groups.enumerated() {
      var video = Video(surveys: group.map { usable[$0] }, frames: [])
      var (labels, frames): ([[Int]: CaptionLabel], Set<Int>) = ([:], [])
      for (place, survey) in video.surveys.enumerated() {
        for pair in survey.pairs.pairs {
          if let label = labels[[pair.first, pair.second]] {
            twice += 1
            contradictions += label == pair.label ? 0 : 1
            continue
          }
          labels[[pair.first, pair.second]] = pair.label
          found.append((number, pair))
          for index in [pair.first, pair.second] where frames.insert(index).inserted {
            video.frames.append((place, index))
          }
        }
      }
      videos.append(video)
    }
    if twice > 0 {
      let verb = contradictions > 0 ? ", \(grouped(contradictions)) of them with another label" : ""
      notices.append("\(grouped(twice)) pairs are in two annotations of one video\(verb); the first counts.")
    }
    let labels = found.map(\.pair.label)
    let missing = CaptionLabel.allCases.filter { !labels.contains($0) }
    guard missing.isEmpty else {
      throw LabError(
        .data,
        "none of the \(grouped(found.count)) pairs is \(missing.map(\.rawValue).joined(separator: " or "))",
        remedy: "add videos that have such pairs")
    }
    let parts =
      switch request.split {
      case .random: PairSplit.random(labels, ratio: request.trainRatio, seed: request.seed)
      case .showBased:
        try PairSplit.showBased(
          found.map { Self.show(videos[$0.video]) }, ratio: request.trainRatio, seed: request.seed)
      }
    self.videos = videos
    samples = zip(found, parts).map { Sample(video: $0.video, pair: $0.pair, part: $1) }
    self.notices = notices
  }

  /// The folder of the video's folder stands for its show.
  private static func show(_ video: Video) -> String {
    video.main.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent().path
  }

  /// How many pairs each label has.
  var labelCounts: [(label: CaptionLabel, count: Int)] {
    CaptionLabel.allCases.map { label in (label, samples.count { $0.pair.label == label }) }
  }

  /// What decides the content of the set; a half-made one of another recipe is not gone on with.
  func recipe(_ request: DatasetRequest) -> String {
    var digest = SHA256()
    for sample in samples {
      let pair = sample.pair
      let line =
        "\(sample.video) \(pair.first) \(pair.second) \(pair.label.rawValue) \(sample.part.rawValue)\n"
      Array(line.utf8).withUnsafeBytes { digest.update($0) }
    }
    let recipe: JSONValue = [
      "version": 1, "name": .string(request.name), "frames": .string(request.frames.rawValue),
      "description": request.description.map { .string($0) } ?? .null,
      "font": .string(request.fontEncoder.version), "ratio": .number(request.trainRatio),
      "seed": .string(String(request.seed)), "split": .string(request.split.rawValue),
      "pairs": .string(digest.finish()),
      "videos": .array(
        videos.map { video in
          .array(
            [.string(video.main.facts.hash)]
              + video.surveys.map { .string($0.url.standardizedFileURL.path) })
        }),
    ]
    return recipe.text()
  }
}
