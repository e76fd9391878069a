import Foundation
import GRDB
import Images
import Synchronization
import Utils

/// A pair of a data set: which frames of which video, what happens between them, and the part it belongs to.
public struct CaptionSample: Equatable, Sendable {
  /// The row of the pair.
  public let id: Int
  /// The SHA-256 of the video.
  public let videoHash: String
  /// The numbers of the frames.
  public let first, second: Int
  /// What happens between them.
  public let label: CaptionLabel
  /// What the pair is for.
  public let part: PairPart
}

/// What the pairs of one video have in common.
public struct CaptionVideo: Equatable, Sendable {
  /// Its SHA-256.
  public let hash: String
  /// Where it lay when the data set was made.
  public let path: String
  /// Where its captions lie; nil where that is not known.
  public let layout: VideoLayout?
  /// 512 numbers that tell its font by the version of them; zeros where no frame was good enough.
  public let embeddings: [String: [Float]]

  /// The side on which captions begin.
  public var anchor: CaptionAnchor { layout?.anchor ?? .center }
}

/// A data set of pairs, read from the file that `DatasetBuilder` made.
///
/// It may be read from any thread.
public final class CaptionDataset: Sendable {
  /// Where it lies.
  public let url: URL
  /// What it is called, and what its maker wrote of it.
  public let name: String
  /// What its maker wrote of it.
  public let description: String?
  /// All pairs in the order in which they were found.
  public let samples: [CaptionSample]
  /// The videos by their hashes.
  public let videos: [String: CaptionVideo]
  let queue: DatabaseQueue
  let hasReferences: Bool
  let annotations = Mutex<[String: AnnotationDatabase]>([:])
  let fitted = Mutex<[FittedKey: DecodedImage]>([:])

  /// Opens the data set at `url`; throws a `LabError` where it is none, is damaged or not complete.
  public init(_ url: URL) throws {
    self.url = url
    let remedy = "make it with lab captions create-dataset"
    let queue = try SQLiteFile.open(url, label: "data set")
    self.queue = queue
    let tables = try SQLiteFile.translated(url) {
      try queue.read {
        try Set(String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
      }
    }
    let needed = ["video_registry", "training_datasets", "training_samples", "training_frames"]
    guard needed.allSatisfy(tables.contains), !tables.contains("making") else {
      let what = tables.contains("making") ? "is only half made" : "is no data set of caption pairs"
      throw LabError(.data, "\(url.relativePath) \(what)", remedy: remedy)
    }
    hasReferences = tables.contains("frame_references")
    let content = try SQLiteFile.translated(url) { try queue.read { try DatasetContent($0, url, tables) } }
    (name, description, samples) = (content.name, content.description, content.samples)
    videos = content.videos
    guard !samples.isEmpty else {
      throw LabError(.data, "\(url.relativePath) has no pairs", remedy: remedy)
    }
  }

  /// Whether the file at `url` is a database with the tables of a data set, complete or not.
  public static func isDataset(_ url: URL) -> Bool {
    let queue = try? SQLiteFile.open(url, label: "data set")
    return (try? queue?.read { try $0.tableExists("training_samples") }) ?? false
  }

  /// The places in `samples` of the pairs of `part`.
  public func indices(of part: PairPart) -> [Int] { samples.indices.filter { samples[$0].part == part } }

  /// How many pairs of `part` each label has, in the order of the labels.
  public func labelCounts(of part: PairPart) -> [Int] {
    let labels = samples.lazy.filter { $0.part == part }.map(\.label)
    return CaptionLabel.allCases.map { label in labels.count { $0 == label } }
  }

  /// Throws a `LabError` that names the labels of which `part` has no pair: nothing can be learnt of them.
  public func requireEveryLabel(in part: PairPart) throws {
    let missing = zip(CaptionLabel.allCases, labelCounts(of: part)).filter { $1 == 0 }.map(\.0.rawValue)
    guard missing.isEmpty else {
      throw LabError(
        .data, "no \(part.rawValue) pair of \(url.relativePath) is \(missing.joined(separator: " or "))",
        remedy: "make the data set again with videos that have such pairs")
    }
  }

  /// The versions of font embeddings that the set has, in order.
  public var fontVersions: [String] { Set(videos.values.flatMap(\.embeddings.keys)).sorted() }

  /// The 512 numbers of a video's font in `version`, that of the set's only one by default; zeros where there are none.
  public func fontEmbedding(_ hash: String, version: String? = nil) -> [Float] {
    let embeddings = videos[hash]?.embeddings ?? [:]
    return (version ?? fontVersions.first).flatMap { embeddings[$0] } ?? FontEmbedding.none
  }
}

/// What is read of a data set when it is opened: all but the pictures.
private struct DatasetContent {
  let name: String
  let description: String?
  let samples: [CaptionSample]
  let videos: [String: CaptionVideo]

  init(_ database: Database, _ url: URL, _ tables: Set<String>) throws {
    func fault(_ what: String) -> LabError {
      LabError(.data, "\(url.relativePath) \(what)", remedy: "make the data set again")
    }
    guard
      let row = try Row.fetchOne(
        database,
        sql: "SELECT id, name, description, video_metadata FROM training_datasets ORDER BY id LIMIT 1")
    else { throw fault("has no data set in it") }
    name = row.value("name") ?? ""
    description = row.value("description")
    let metadata = row.value("video_metadata", as: String.self).flatMap { try? JSONValue(parsing: $0) }
    let dataset: Int64 = row.value("id") ?? 0
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, video_hash, frame1_index, frame2_index, label, split FROM training_samples
        WHERE dataset_id = ? ORDER BY id
        """, arguments: [dataset])
    var samples: [CaptionSample] = []
    while let row = try rows.next() {
      guard let id: Int = row.value("id"), let hash: String = row.value("video_hash"),
        let first: Int = row.value("frame1_index"), let second: Int = row.value("frame2_index"),
        let label = row.value("label").flatMap(CaptionLabel.init(rawValue:)),
        let part = row.value("split").flatMap(PairPart.init(rawValue:))
      else { throw fault("has a pair, number \(samples.count + 1), that cannot be read") }
      samples.append(
        CaptionSample(id: id, videoHash: hash, first: first, second: second, label: label, part: part))
    }
    self.samples = samples
    var embeddings: [String: [String: [Float]]] = [:]
    if tables.contains("font_embeddings") {
      let sql = "SELECT video_hash, fontclip_model_version AS version, embedding FROM font_embeddings"
      for row in try Row.fetchAll(database, sql: sql) {
        guard let hash: String = row.value("video_hash"), let version: String = row.value("version"),
          let numbers = row.value("embedding", as: Data.self).flatMap({ FontEmbedding.numbers([UInt8]($0)) })
        else { throw fault("has a font embedding that is not 512 numbers") }
        embeddings[hash, default: [:]][version] = numbers
      }
    }
    var videos: [String: CaptionVideo] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT video_hash, video_path FROM video_registry") {
      guard let hash: String = row.value("video_hash") else { throw fault("has a video without a hash") }
      videos[hash] = CaptionVideo(
        hash: hash, path: row.value("video_path") ?? "", layout: VideoLayout(metadata?[hash]?["layout"]),
        embeddings: embeddings[hash] ?? [:])
    }
    self.videos = videos
    if let lost = samples.first(where: { videos[$0.videoHash] == nil }) {
      throw fault("has pairs of a video that it does not know, \(lost.videoHash.quoted)")
    }
  }
}
