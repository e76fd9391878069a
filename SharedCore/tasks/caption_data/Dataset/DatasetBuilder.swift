import Foundation
import GRDB
import Utils

/// Makes a data set of pairs from annotated videos: one SQLite file, `NAME.db`.
///
/// It is made in a folder beside its place, called `.NAME.partial`, and renamed when it is complete. A process that is killed
/// leaves that folder, and the same call goes on with it; an error leaves nothing.
public struct DatasetBuilder: Sendable {
  /// What was made.
  public struct Report: Sendable {
    /// Where the data set lies.
    public let url: URL
    /// How many pairs each label has in training and in validation, in the order of the labels.
    public let counts: [(label: CaptionLabel, train: Int, val: Int)]
    /// How many videos it has, and how many of them were there from a call that was killed.
    public let videoCount, resumedCount: Int
    /// What the user should know: videos left out, pairs that were there twice.
    public let notices: [String]

    /// How many pairs there are.
    public var sampleCount: Int { counts.reduce(0) { $0 + $1.train + $1.val } }
  }

  private let request: DatasetRequest
  private let folder: URL

  /// Makes `request` in `folder`, which is made where it is missing.
  public init(_ request: DatasetRequest, in folder: URL) { (self.request, self.folder) = (request, folder) }

  /// Where the data set will lie.
  public var target: URL { folder.appending(path: "\(request.name).db") }
  private var partial: URL { folder.appending(path: ".\(request.name).partial") }
  private var draft: URL { partial.appending(path: "dataset.db") }

  /// Makes the data set.
  ///
  /// Throws a `LabError` where one of this name is there or is being made, and for whatever is wrong with the videos.
  ///
  /// - Parameter progress: told how many videos of how many are done.
  public func make(progress: (Int, Int) -> Void = { _, _ in }) throws -> Report {
    try request.check()
    try refuseExisting()
    let lock = try FolderLock(
      partial, work: "the data set \(request.name) is being made",
      remedy: "wait for it, or choose another name")
    defer { withExtendedLifetime(lock) {} }
    // The process that held the lock a moment ago may have finished it.
    var isKept = FileManager.default.fileExists(atPath: draft.path)
    defer { if !isKept { try? FileManager.default.removeItem(at: partial) } }
    try refuseExisting()
    let plan = try DatasetPlan(request)
    let queue = try openDraft(plan)
    isKept = false
    let resumed = try writeVideos(plan, to: queue, progress)
    try finish(queue)
    let counts = CaptionLabel.allCases.map { label in
      let parts = plan.samples.filter { $0.pair.label == label }.map(\.part)
      return (label: label, train: parts.count { $0 == .train }, val: parts.count { $0 == .val })
    }
    return Report(
      url: target, counts: counts, videoCount: plan.videos.count, resumedCount: resumed, notices: plan.notices
    )
  }

  private func refuseExisting() throws {
    guard (try? FileManager.default.attributesOfItem(atPath: target.path)) == nil else {
      throw LabError(
        .usage, "the data set \(target.relativePath) is there already",
        remedy: "choose another name, or remove it first")
    }
  }

  /// The half-made data set of a call that was killed, or a new one with all its pairs.
  private func openDraft(_ plan: DatasetPlan) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.label = "data set"
    let remedy = "make it with the same to go on, or remove that folder"
    return try SQLiteFile.translated(draft) {
      let queue = try DatabaseQueue(path: draft.path, configuration: configuration)
      let recipe = plan.recipe(request)
      try queue.write { database in
        guard try database.tableExists("training_datasets") else {
          try begin(plan, recipe, database)
          return
        }
        let isHalf = try database.tableExists("making")
        guard try isHalf && String.fetchOne(database, sql: "SELECT recipe FROM making") == recipe else {
          throw LabError(
            .usage, "\(partial.relativePath) holds a half-made data set of other videos or options",
            remedy: remedy)
        }
      }
      return queue
    }
  }

  private func begin(_ plan: DatasetPlan, _ recipe: String, _ database: Database) throws {
    try database.execute(sql: DatasetSchema.making)
    try database.execute(sql: "INSERT INTO making (recipe) VALUES (?)", arguments: [recipe])
    try database.execute(sql: DatasetSchema.sql)
    if request.frames == .byReference { try database.execute(sql: DatasetSchema.references) }
    try DatasetFacts(plan, request).insert(into: database)
    let dataset = database.lastInsertedRowID
    let statement = try database.makeStatement(
      sql: """
        INSERT INTO training_samples
          (dataset_id, video_hash, frame1_index, frame2_index, label, split, source_caption_annotation_id,
           crop_bounds_version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for sample in plan.samples {
      let video = plan.videos[sample.video]
      try statement.execute(arguments: [
        dataset, video.main.facts.hash, sample.pair.first, sample.pair.second, sample.pair.label.rawValue,
        sample.part.rawValue, sample.pair.captionID, video.cropBoundsVersion,
      ])
    }
  }

  /// Writes the videos that are not there yet, some at a time, each group in one step; says how many were there.
  private func writeVideos(
    _ plan: DatasetPlan, to queue: DatabaseQueue, _ progress: (Int, Int) -> Void
  ) throws -> Int {
    try SQLiteFile.translated(draft) {
      let known = try queue.read {
        try Set(String.fetchAll($0, sql: "SELECT video_hash FROM video_registry"))
      }
      let videos = plan.videos.filter { !known.contains($0.main.facts.hash) }
      let group = 2 * ProcessInfo.processInfo.activeProcessorCount
      for start in stride(from: 0, to: videos.count, by: group) {
        progress(known.count + start, plan.videos.count)
        let part = Array(videos[start..<min(start + group, videos.count)])
        let encoder = request.fontEncoder
        let contents = try concurrentMap(part.count) { try VideoContent(part[$0], encoder: encoder) }
        try queue.write { database in
          for content in contents { try content.write(to: database, storage: request.frames) }
        }
      }
      progress(plan.videos.count, plan.videos.count)
      return known.count
    }
  }

  /// Puts the complete data set in its place.
  private func finish(_ queue: DatabaseQueue) throws {
    try SQLiteFile.translated(draft) {
      try queue.write { database in
        try database.execute(sql: "DROP TABLE making")
        try database.checkForeignKeys()
      }
      try queue.close()
    }
    // Unlike a renaming, a link never takes another file's place; not every file system has links.
    let isLinked = link(draft.path, target.path) == 0
    guard isLinked || ([EPERM, ENOTSUP].contains(errno) && rename(draft.path, target.path) == 0) else {
      throw LabError(
        .data, "\(target.relativePath) cannot be put in its place (\(InputFile.lastSystemError()))",
        remedy: "choose a folder you may write to, or another name")
    }
  }
}
