import Foundation

/// Symbolic links among results: what is written through one lands in another place, so none is followed.
///
/// The folder that a user names may be a link, and so may those above it; `outputs/latest` is our own and only read.
public enum OutputLinks {
  /// Links that the client of Weights & Biases makes when somebody uses it in a run's folder.
  private static let clients: Set = ["latest-run", "debug.log", "debug-internal.log"]

  /// Throws a `LabError` that names `url` when a symbolic link stands there.
  public static func refuse(at url: URL) throws {
    var status = stat()
    guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    throw LabError(
      .tracking, "\(url.relativePath) is a symbolic link, and nothing is written through one",
      remedy: "remove the link, or name the folder it points to with --output-dir")
  }

  /// Throws a `LabError` that names the first symbolic link in `folder`, however deep, or `folder` itself when it is one.
  public static func refuse(inside folder: URL) throws {
    try refuse(at: folder)
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder.path) else { return }
    for name in names.sorted() {
      let url = folder.appending(path: name)
      if !clients.contains(url.lastPathComponent) { try refuse(at: url) }
    }
  }
}
