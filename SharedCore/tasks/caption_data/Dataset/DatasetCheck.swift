import Foundation
import GRDB
import Images
import Utils

/// Reads a whole data set and says what is wrong with it.
public struct DatasetCheck: Sendable {
  /// How many frames were read and decoded.
  public let frameCount: Int
  /// How many of them lie in the annotations of their videos.
  public let referenceCount: Int
  /// What is wrong, a sentence each; empty where all is well.
  public let faults: [String]

  /// Checks the structure of the file, that the numbers it says of itself are true, and that every frame, visualisation and
  /// embedding that a pair needs can be read; frames by reference are compared with their checksums.
  ///
  /// - Parameter progress: told after each frame how many are done of how many, one call at a time, from any thread.
  public init(_ dataset: CaptionDataset, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in })
    throws
  {
    var faults = try Self.structure(dataset)
    var frames = Set<[String]>()
    for sample in dataset.samples {
      for index in [sample.first, sample.second] { frames.insert([sample.videoHash, String(index)]) }
    }
    let list = frames.sorted { $0.lexicographicallyPrecedes($1) }
    faults += try concurrentMap(list.count, progress: { progress($0, list.count) }) { place -> String? in
      Self.fault { _ = try dataset.frame(list[place][0], Int(list[place][1]) ?? 0) }
    }.compactMap(\.self)
    for hash in dataset.videos.keys.sorted() {
      if let fault = Self.fault({ _ = try dataset.visualization(hash, .boundaries) }) { faults.append(fault) }
    }
    frameCount = list.count
    referenceCount = try dataset.referenceCount()
    self.faults = faults
  }

  private static func fault(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  private static func structure(_ dataset: CaptionDataset) throws -> [String] {
    let file = dataset.url.relativePath
    return try SQLiteFile.translated(dataset.url) {
      try dataset.queue.read { database in
        var faults = try String.fetchAll(database, sql: "PRAGMA integrity_check(5)").filter { $0 != "ok" }
          .map { "\(file) is damaged: \($0)." }
        for row in try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(5) {
          let table: String = row.value("table") ?? "a table"
          faults.append("A row of \(table) in \(file) refers to one that is not there.")
        }
        let said = try Row.fetchOne(
          database,
          sql: "SELECT num_samples, num_videos, label_distribution FROM training_datasets ORDER BY id LIMIT 1"
        )
        let count: Int = said?.value("num_samples") ?? 0
        if count != dataset.samples.count {
          faults.append("\(file) says it has \(count) pairs and has \(dataset.samples.count).")
        }
        let labels = said?.value("label_distribution", as: String.self).flatMap {
          try? JSONValue(parsing: $0)
        }
        for label in CaptionLabel.allCases {
          let count = dataset.samples.count { $0.label == label }
          if let said = labels?[label.rawValue]?.int, said != count {
            faults.append("\(file) says that \(said) pairs are \(label.rawValue), and \(count) are.")
          }
        }
        return faults
      }
    }
  }
}

extension CaptionDataset {
  /// How many frames lie in the annotations of their videos.
  func referenceCount() throws -> Int {
    guard hasReferences else { return 0 }
    return try SQLiteFile.translated(url) {
      try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM frame_references") ?? 0 }
    }
  }
}
