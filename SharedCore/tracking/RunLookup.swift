import Foundation
import Utils

extension RunFolder {
  /// The run that `reference` means: `latest`, a run's id or the first three or more of its characters, the name of
  /// its folder, or a path to it.
  ///
  /// Throws a `LabError` that lists what comes near when there is none or more than one.
  public static func find(_ reference: String, under outputs: URL) throws -> RunFolder {
    if reference == "latest" { return try latest(under: outputs) }
    if reference.contains("/") { return try folder(atPath: reference) }
    let runs = all(under: outputs)
    if let run = runs.first(where: { $0.url.lastPathComponent == reference }) { return run }
    let id = try resolveRun(reference, among: runs.map(\.id), place: "under \(outputs.relativePath)")
    return runs.first { $0.id == id }!
  }

  /// Every run under `outputs`, the newest first.
  public static func all(under outputs: URL) -> [RunFolder] {
    let files = FileManager.default
    let experiments = (try? files.contentsOfDirectory(atPath: outputs.path)) ?? []
    let runs = experiments.filter { $0 != "latest" && !$0.hasPrefix(".") }.flatMap { experiment in
      let parent = outputs.appendingPathComponent(experiment, isDirectory: true)
      let names = (try? files.contentsOfDirectory(atPath: parent.path)) ?? []
      return names.compactMap { RunFolder(at: parent.appendingPathComponent($0, isDirectory: true)) }
    }
    return runs.map { ($0, started: $0.url.lastPathComponent.dropLast(7), made: modified($0.command)) }
      .sorted { ($0.started, $0.made) > ($1.started, $1.made) }.map(\.0)
  }

  /// When `file` was last written, in seconds; it tells two runs of one second apart.
  private static func modified(_ file: URL) -> Double {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
  }

  private static func latest(under outputs: URL) throws -> RunFolder {
    let link = outputs.appendingPathComponent("latest")
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link.path) else {
      throw LabError(
        .tracking, "there is no latest run under \(outputs.relativePath)",
        remedy: "train first, or name the folder with --output-dir")
    }
    let url = outputs.appendingPathComponent(target, isDirectory: true).standardizedFileURL
    guard isFolder(url.path), let run = RunFolder(at: url) else {
      throw LabError(
        .tracking, "\(link.relativePath) points to \(target.quoted), which is not there any more",
        remedy: "name another run")
    }
    return run
  }

  private static func folder(atPath path: String) throws -> RunFolder {
    let url = URL(fileURLWithPath: path, isDirectory: true).resolvingSymlinksInPath()
    guard isFolder(url.path) else {
      throw LabError(.usage, "there is no run folder \(path.quoted)", remedy: "check the path")
    }
    guard let run = RunFolder(at: url) else {
      throw LabError(
        .usage, "\(path.quoted) is not the folder of a run",
        remedy: "name a folder such as outputs/xor/20261121-062133-k3f9a2, or one with the run's results.json"
      )
    }
    return run
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

/// The one of `ids` (newest first) that `reference` equals or, with three characters or more, begins.
func resolveRun(_ reference: String, among ids: [String], place: String) throws -> String {
  if ids.contains(reference) { return reference }
  let matches = reference.count >= 3 ? ids.filter { $0.hasPrefix(reference) } : []
  if matches.count == 1 { return matches[0] }
  if matches.count > 1 {
    let list = matches.prefix(5).joined(separator: ", ") + (matches.count > 5 ? ", ..." : "")
    throw LabError(
      .usage, "\(reference.quoted) begins \(matches.count) runs \(place): \(list)",
      remedy: "give more characters")
  }
  let known = ids.isEmpty ? "train first" : "the newest are \(ids.prefix(5).joined(separator: ", "))"
  let remedy = nearestName(to: reference, in: ids).map { "did you mean \($0)? Otherwise, \(known)" } ?? known
  throw LabError(.usage, "there is no run \(reference.quoted) \(place)", remedy: remedy)
}
