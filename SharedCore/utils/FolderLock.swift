import Foundation

/// Sees to it that a folder is written by one process at a time.
///
/// The lock goes with the process that holds it, however that ends.
public final class FolderLock {
  private let descriptor: Int32
  /// The file that goes with the lock; nil where it stays for the next one.
  private var passing: URL?

  /// Takes the lock of `folder`, which is made if it is missing.
  ///
  /// When somebody holds it, throws that `work` is being done by whom, with a `remedy`; throws too where a symbolic link
  /// stands in the folder, or in its place. With `leavesNothing` the lock's file is removed when it is released.
  public init(_ folder: URL, work: String, remedy: String, leavesNothing: Bool = false) throws {
    try OutputLinks.refuse(inside: folder)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: ".lock")
    descriptor = open(file.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw LabError(
        .usage, "\(file.path) cannot be written: \(String(cString: strerror(errno)).lowercased())",
        remedy: "make the folder writable")
    }
    guard Self.take(descriptor) else {
      // From here on a failure runs `deinit`, which closes the file; the holder's is not ours to remove.
      let holder = (try? String(contentsOf: file, encoding: .utf8)) ?? "another process"
      throw LabError(.usage, "\(work) by \(holder)", remedy: remedy)
    }
    passing = leavesNothing ? file : nil
    ftruncate(descriptor, 0)
    let holder = Array("process \(getpid()) since \(Self.now())".utf8)
    _ = holder.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Tries for a moment, for somebody may just be asking whether it is held.
  private static func take(_ descriptor: Int32) -> Bool {
    for attempt in 0..<5 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      if attempt < 4 { usleep(10_000) }
    }
    return false
  }

  /// Whether a process holds the lock of `folder`; only asks, where a training takes it.
  public static func isHeld(_ folder: URL) -> Bool {
    let descriptor = open(folder.appending(path: ".lock").path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }

  deinit {
    if let passing { unlink(passing.path) }
    if descriptor >= 0 { close(descriptor) }
  }

  private static func now() -> String {
    let formatter = DateFormatter()
    formatter.dateFormat = "HH:mm:ss"
    return formatter.string(from: Date())
  }
}
