import Foundation
import Synchronization
import Utils

/// A set of made-up videos on the disk: `video_0000/annotations.db` and so on, with `captions.json` that says what it was
/// made from.
///
/// It is made in a folder beside its place, called `.NAME.partial`, and renamed when it is complete. Making it again after an
/// interruption goes on where it stopped; what lies there with another recipe is refused.
public struct SyntheticVideoFolder: Sendable {
  /// How many videos a set may have.
  public static let videoCounts = 1...10_000

  private let count, segments: Int
  private let seed: UInt64

  /// A set of `count` videos with `segments` captions and empty stretches each; throws a `LabError` for numbers that cannot
  /// be.
  public init(count: Int, segments: Int = 40, seed: UInt64 = 42) throws {
    guard Self.videoCounts ~= count, SyntheticVideo.segmentCounts ~= segments else {
      throw LabError(
        .config, "\(grouped(count)) videos of \(grouped(segments)) captions cannot be made",
        remedy: "choose \(Self.videoCounts.lowerBound) to \(grouped(Self.videoCounts.upperBound)) videos of "
          + "\(SyntheticVideo.segmentCounts.lowerBound) to \(grouped(SyntheticVideo.segmentCounts.upperBound))"
      )
    }
    (self.count, self.segments, self.seed) = (count, segments, seed)
  }

  private var recipe: JSONValue {
    [
      "kind": "captions", "version": 1, "videos": .integer(Int64(count)),
      "captions": .integer(Int64(segments)),
      "seed": .string(String(seed)),
    ]
  }

  /// Where video `number` lies in its set.
  public static func file(_ number: Int) -> String {
    let digits = String(number)
    return
      "video_\(String(repeating: "0", count: max(4 - digits.count, 0)))\(digits)/\(AnnotationDatabase.fileName)"
  }

  /// Makes the set at `folder`, with all cores; throws a `LabError` when something else lies there, or when another process is
  /// making it.
  ///
  /// - Parameter progress: told how many videos are there, one call at a time, from any thread.
  /// - Returns: how many videos were there already, from an interrupted making.
  @discardableResult
  public func make(at folder: URL, progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> Int {
    let partial = folder.deletingLastPathComponent().appending(path: ".\(folder.lastPathComponent).partial")
    try refuse(folder)
    let lock = try FolderLock(
      partial, work: "\(folder.relativePath) is being made", remedy: "wait for it, or choose another folder")
    defer { withExtendedLifetime(lock) {} }
    try refuse(folder)
    try begin(partial)
    let known = Mutex(0)
    _ = try concurrentMap(count, progress: progress) { number in
      let file = partial.appending(path: Self.file(number))
      if FileManager.default.fileExists(atPath: file.path) {
        known.withLock { $0 += 1 }
        return
      }
      let video = try SyntheticVideo(number: number, seed: seed, segments: segments)
      try explain("cannot be made", file) {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      }
      try AnnotationWriter.write(video, to: file)
    }
    unlink(partial.appending(path: ".lock").path)
    try explain("cannot be put in its place", folder) {
      try FileManager.default.moveItem(at: partial, to: folder)
    }
    return known.withLock { $0 }
  }

  private func refuse(_ folder: URL) throws {
    guard (try? FileManager.default.attributesOfItem(atPath: folder.path)) == nil else {
      throw LabError(
        .data, "\(folder.relativePath) is there already", remedy: "choose another folder, or remove it first")
    }
  }

  private func begin(_ partial: URL) throws {
    let file = partial.appending(path: "captions.json")
    guard FileManager.default.fileExists(atPath: file.path) else {
      return try AtomicFile.write(recipe.text(pretty: true) + "\n", to: file, kind: .data)
    }
    guard (try? JSONValue(parsing: InputFile.read(file))) == recipe else {
      throw LabError(
        .data, "\(partial.relativePath) holds a half-made set of another recipe",
        remedy: "make it with the same numbers and seed to go on, or remove the folder")
    }
  }

  private func explain(_ what: String, _ url: URL, _ body: () throws -> Void) throws {
    do { try body() } catch {
      throw LabError(
        .data, "\(url.relativePath) \(what) (\(error.localizedDescription))",
        remedy: "choose a folder you may write to")
    }
  }
}
