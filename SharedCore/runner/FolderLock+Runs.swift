import Foundation
import Tracking
import Utils

extension FolderLock {
  /// The lock of one comparison's folder.
  public static func comparison(_ folder: URL) throws -> FolderLock {
    try FolderLock(
      folder, work: "the comparison \(folder.lastPathComponent) is being made",
      remedy: "wait for it, or give this one another --name")
  }

  /// The lock of a run's folder, for as long as it is trained.
  static func training(_ run: RunFolder) throws -> FolderLock {
    try FolderLock(
      run.url, work: "run \(run.id) is being trained", remedy: "wait for it, or stop it with Ctrl-C first",
      leavesNothing: true)
  }
}
