import Foundation

/// Files that are there completely or not at all: written beside their place, synced to the disk, then
/// renamed.
///
/// On any failure the old file is untouched and the temporary one removed. Only the last step, syncing the
/// folder, comes after the rename: when it fails, the new file is complete and in its place, but may not
/// survive a loss of power. A process that is killed while it writes leaves `.NAME.xxxxxxxx.tmp` behind,
/// which nothing reads and `removeLeftovers` takes away. A symbolic link at the place is replaced, not followed.
public enum AtomicFile {
  /// Writes `bytes` to the file at `url`; an error is of `kind` and names the file, the cause and the remedy.
  public static func write(_ bytes: [UInt8], to url: URL, kind: LabError.Kind = .checkpoint) throws {
    try write(to: url, kind: kind) { output in try bytes.withUnsafeBytes { try output.append($0) } }
  }

  /// Writes `text` as UTF-8 to the file at `url`; an error is of `kind` and names the file, the cause and the
  /// remedy.
  public static func write(_ text: String, to url: URL, kind: LabError.Kind = .checkpoint) throws {
    try write(Array(text.utf8), to: url, kind: kind)
  }

  /// Writes what `body` appends to its output to the file at `url`, piece by piece; what `body` throws is
  /// passed on.
  public static func write(
    to url: URL, kind: LabError.Kind = .checkpoint, _ body: (Output) throws -> Void
  ) throws {
    try write(to: url, kind: kind, calls: SystemCalls(), body)
  }

  /// Removes what killed processes have left of their unfinished files in `folder`, where nobody may be writing.
  public static func removeLeftovers(in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.wholeMatch(of: /\..+\.[0-9a-f]{8}\.tmp/) != nil {
      unlink(folder.appending(path: name).path)
    }
  }

  /// Where the pieces of a file go while it is being written.
  public struct Output {
    fileprivate let descriptor: Int32
    fileprivate let calls: SystemCalls

    /// Appends `bytes`; throws when the disk is full or fails.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = calls.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count == 0 {
          throw Failure(code: EIO)  // a file that takes nothing and says nothing would be asked for ever
        } else if errno != EINTR {
          throw Failure(code: errno)
        }
      }
    }
  }

  /// The calls to the operating system, which tests replace by failing ones; -1 and `errno` say what went
  /// wrong.
  struct SystemCalls {
    var create = { (path: String) in open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    var write = { (file: Int32, bytes: UnsafeRawBufferPointer) in
      Foundation.write(file, bytes.baseAddress, bytes.count)
    }
    var sync = { (file: Int32) in fsync(file) }
    var close = { (file: Int32) in Foundation.close(file) }
    var rename = { (old: String, new: String) in Foundation.rename(old, new) }
    var syncFolder = { (file: Int32) in fsync(file) }
  }

  static func write(
    to url: URL, kind: LabError.Kind, calls: SystemCalls, _ body: (Output) throws -> Void
  ) throws {
    do {
      try replace(url.path, calls: calls, body)
      try syncFolder(of: url, calls: calls)
    } catch let failure as Failure {
      throw failure.labError(kind, url)
    }
  }

  private static func replace(_ path: String, calls: SystemCalls, _ body: (Output) throws -> Void) throws {
    let (folder, name) = split(path)
    let mark = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
    let temporary = "\(folder)/.\(name).\(mark).tmp"
    let descriptor = try checked(calls.create(temporary))
    var isOpen = true
    do {
      try body(Output(descriptor: descriptor, calls: calls))
      try checked(calls.sync(descriptor))
      isOpen = false
      try checked(calls.close(descriptor))
      try checked(calls.rename(temporary, path))
    } catch {
      if isOpen { _ = calls.close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  /// Makes the rename itself last; folders that may not be read or systems that sync none are passed over.
  private static func syncFolder(of url: URL, calls: SystemCalls) throws {
    let descriptor = open(split(url.path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if calls.syncFolder(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      throw Failure(code: errno, isInPlace: true)
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    let url = URL(fileURLWithPath: path)
    return (url.deletingLastPathComponent().path, url.lastPathComponent)
  }

  @discardableResult
  private static func checked(_ result: Int32) throws -> Int32 {
    if result < 0 { throw Failure(code: errno) }
    return result
  }
}

/// What the operating system answered, before it becomes a sentence.
private struct Failure: Error {
  var code: Int32
  var isInPlace = false

  func labError(_ kind: LabError.Kind, _ url: URL) -> LabError {
    let file = url.relativePath
    if isInPlace {
      return LabError(
        kind, "\(file) is written, but its folder could not be synced to the disk (\(system))",
        remedy: "check the disk before trusting it")
    }
    let folder = url.deletingLastPathComponent().relativePath
    let (reason, remedy) =
      switch code {
      case ENOSPC, EDQUOT: ("no space is left on the device", "free some space or choose another folder")
      case EFBIG: ("the file is larger than the system allows", "raise the limit (ulimit -f)")
      case EACCES, EPERM: ("permission denied", "choose a folder you may write to")
      case EROFS: ("the file system is read-only", "choose a folder you may write to")
      case ENOENT: ("the folder \(folder) does not exist", "create it first")
      case ENOTDIR: ("\(folder) is not a folder", "choose another place")
      case EISDIR, ENOTEMPTY, EEXIST: ("a folder of that name is in its place", "choose another name")
      case ENAMETOOLONG: ("its name is too long", "choose a shorter name")
      default: (system, "check the disk and try again")
      }
    return LabError(kind, "\(file) cannot be written: \(reason)", remedy: remedy)
  }

  private var system: String { String(cString: strerror(code)).lowercased() }
}
