import Foundation
import Utils

/// Reads all annotations of a video and says what a data set would take from them and what is wrong.
public struct AnnotationCheck: Sendable {
  /// What was read.
  public let url: URL
  /// How many pairs of each label it gives, in the order of the labels.
  public let labelCounts: [Int]
  /// Why it gives none, or what should be known of those it gives, as sentences.
  public let notices: [String]

  /// Reads the annotations at `url` and decodes every frame that a pair needs; throws a `LabError` for the first fault.
  public init(_ url: URL) throws {
    self.url = url
    let survey = try VideoSurvey(url)
    notices = [survey.obstacle.map { "\($0)." }, survey.notice].compactMap(\.self)
    labelCounts = CaptionLabel.allCases.map { label in survey.pairs.pairs.count { $0.label == label } }
    let database = try AnnotationDatabase(url)
    for index in Set(survey.pairs.pairs.flatMap { [$0.first, $0.second] }).sorted() {
      _ = try database.picture(index)
    }
  }

  /// How many pairs it gives.
  public var pairCount: Int { labelCounts.reduce(0, +) }
}
