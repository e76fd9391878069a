import Utils

/// How the frames of a data set are kept.
public enum FrameStorage: String, CaseIterable, Sendable {
  /// In the data set itself, which needs nothing else then.
  case copied
  /// Where they are, in the annotations of the videos, with a checksum of each.
  case byReference = "by-reference"
}

/// How pairs are divided into those that are trained on and those that are watched.
public enum PairSplitStrategy: String, CaseIterable, Sendable {
  /// Each label by itself at random.
  case random
  /// Whole folders of videos at random, so that no show is in two parts.
  case showBased = "show_based"
}

/// What a data set is made from, and how.
public struct DatasetRequest: Sendable {
  /// What the set is called.
  public let name: String
  /// Folders, files and patterns that hold annotation databases.
  public let places: [String]
  /// What the set is for.
  public var description: String?
  /// How pairs are divided.
  public var split = PairSplitStrategy.random
  /// The share of pairs that are trained on.
  public var trainRatio = 0.8
  /// What the division depends on.
  public var seed: UInt64 = 42
  /// How frames are kept.
  public var frames = FrameStorage.copied
  /// What describes a video's font.
  public var fontEncoder: any FontEncoder = FontDescriptor()

  /// A set called `name` of the videos in `places`.
  public init(name: String, places: [String]) { (self.name, self.places) = (name, places) }

  /// Throws a `LabError` for what cannot be: a name that is no file name, a share that leaves one part empty.
  func check() throws {
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    guard isName, 1...100 ~= name.utf8.count, !name.hasPrefix("."), !name.hasPrefix("-") else {
      throw LabError(
        .usage, "a data set cannot be called \(name.quoted)",
        remedy: "use up to 100 letters, digits, points, dashes and underscores, the first a letter or digit")
    }
    guard trainRatio > 0, trainRatio < 1 else {
      throw LabError(
        .usage, "--train-ratio \(trainRatio) leaves a part without pairs",
        remedy: "choose one above 0 and below 1")
    }
    guard seed <= UInt64(Int64.max) else {
      throw LabError(.usage, "--seed \(seed) is too large", remedy: "choose one up to \(Int64.max)")
    }
    guard !places.isEmpty else {
      throw LabError(.usage, "no videos are named", remedy: "name folders that hold annotations.db")
    }
  }
}
