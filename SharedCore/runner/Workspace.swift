import Foundation
import Logging
import Tracking
import Utils

/// Where the workspace lies: the folder with `Package.swift` and `SharedCore`.
public struct Workspace: Sendable {
  /// The folder.
  public let root: URL

  /// The workspace that `LAB_ROOT` names, else the one that holds the current folder, else the one that holds the
  /// running program.
  public init() throws {
    if let named = ProcessInfo.processInfo.environment["LAB_ROOT"], !named.isEmpty {
      root = URL(filePath: named, directoryHint: .isDirectory).standardizedFileURL
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue
      else {
        throw LabError(
          .usage, "LAB_ROOT names \(named), which is no folder", remedy: "set it to the workspace's folder")
      }
      return
    }
    let starts = [FileManager.default.currentDirectoryPath, CommandLine.arguments.first ?? "."]
    for start in starts {
      if let found = Self.root(above: URL(filePath: start).standardizedFileURL) {
        root = found
        return
      }
    }
    throw LabError(
      .usage, "no workspace lies around \(starts[0])", remedy: "change into it, or set LAB_ROOT to its folder"
    )
  }

  /// The workspace at `root`, which need not exist yet.
  init(root: URL) { self.root = root }

  private static func root(above start: URL) -> URL? {
    var folder = start
    while folder.path != "/" {
      let signs = ["Package.swift", "SharedCore"].map { folder.appending(path: $0).path }
      if signs.allSatisfy(FileManager.default.fileExists(atPath:)) { return folder }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  /// The experiment database of all models.
  public var database: URL { root.appending(path: "outputs/experiments.sqlite") }

  /// Who records a run: its folder and the experiment database. One that `goesOn` in its own folder is in it already.
  func trackers(_ logger: Logger, goesOn: Bool = false) -> [any Tracker] {
    [FileTracker(), DatabaseTracker(at: database, goesOn: goesOn) { logger.warning("\($0)") }]
  }

  /// Where a model's runs lie unless `--output-dir` says otherwise.
  public func outputs(of model: String) -> URL { root.appending(path: "models/\(model)/outputs") }
}
