import Foundation
import Tracking
import Utils

/// Finds the folders of recorded runs, also of those that somebody has moved.
public struct RunPlaces {
  private let database: ExperimentDatabase
  private let workspace: Workspace

  /// The places of the runs in `database`, whose workspace is the one that holds it.
  public init(_ database: ExperimentDatabase) {
    self.database = database
    workspace = Workspace(
      root: database.url.deletingLastPathComponent().deletingLastPathComponent())
  }

  /// The run that a person means by `reference`: `latest`, an id or its beginning, or the folder in which it lies now.
  ///
  /// Where a run was moved, alone or with its workspace, the record and the run's W&B log learn the new place first.
  public func details(_ reference: String) throws -> RunDetails {
    let named = reference.contains("/") ? URL(filePath: reference).resolvingSymlinksInPath() : nil
    let there = named.flatMap { isFolder($0) ? RunFolder(at: $0) : nil }
    let newest = reference == "latest" ? try database.runs(limit: 1).first?.id : nil
    let run = try database.run(there?.id ?? newest ?? reference)
    if isFolder(run.record.folder) {
      bringUpToDate(run.record.folder)
      return run
    }
    guard let now = there ?? found(run.record) else { return run }
    try database.move(run.record.id, to: now.url)
    bringUpToDate(now.url)
    return try database.run(run.record.id)
  }

  /// The folder of the run that `reference` means; throws where it is nowhere, and says where it was looked for.
  public func folder(_ reference: String) throws -> RunFolder {
    let record = try details(reference).record
    if isFolder(record.folder), let folder = RunFolder(at: record.folder) { return folder }
    throw LabError(
      .tracking,
      "run \(record.id) lies neither in \(record.folder.path) nor below the outputs of any model in "
        + workspace.root.appending(path: "models").path,
      remedy: "move it back, or name the folder in which it lies now")
  }

  /// The W&B log, which can be read and kept though it cannot be written.
  private func bringUpToDate(_ url: URL) {
    if let folder = RunFolder(at: url) { try? WandBRelocation.apply(to: folder) }
  }

  /// Enters the end of every run of this machine whose process has gone without a word: nobody holds its folder's lock.
  public func noteKilledRuns() throws {
    let host = MachineFacts.read().host
    for record in try database.runs(RunFilter(status: .running), limit: .max) where record.host == host {
      let folder = isFolder(record.folder) ? record.folder : found(record)?.url
      if folder.map(FolderLock.isHeld) == true { continue }
      try database.endAbandoned(
        record.id, reason: folder == nil ? "its folder is gone" : "its process ended without a word")
    }
  }

  private func found(_ record: RunRecord) -> RunFolder? {
    for place in places(of: record) {
      if let folder = search(place, for: record.id, depth: 4) { return folder }
    }
    return nil
  }

  /// The outputs that the record names, those of the run's model, then those of all others: every folder of a model whose
  /// name begins with "outputs".
  private func places(of record: RunRecord) -> [URL] {
    let recorded = record.folder.deletingLastPathComponent().deletingLastPathComponent()
    let models = workspace.root.appending(path: "models")
    let own = names(in: models).filter { $0 == record.model }
    let outputs = (own + names(in: models).filter { $0 != record.model }).flatMap { model in
      let package = models.appending(path: model)
      return names(in: package).filter { $0.hasPrefix("outputs") }.map { package.appending(path: $0) }
    }
    return ([recorded] + outputs).filter(isFolder).reduce(into: []) { places, place in
      if !places.contains(where: { $0.path == place.path }) { places.append(place) }
    }
  }

  /// The folder below `place` whose name ends with `id`; nothing is looked for inside runs and behind links.
  private func search(_ place: URL, for id: String, depth: Int) -> RunFolder? {
    let inner = names(in: place).map { place.appending(path: $0, directoryHint: .isDirectory) }.filter {
      isFolder($0) && (try? OutputLinks.refuse(at: $0)) != nil
    }
    let runs = inner.compactMap { RunFolder(at: $0) }
    if let run = runs.first(where: { $0.id == id }) { return run }
    guard depth > 1 else { return nil }
    return inner.lazy.filter { RunFolder(at: $0) == nil }
      .compactMap { search($0, for: id, depth: depth - 1) }.first
  }

  private func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  private func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
