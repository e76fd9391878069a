import Foundation
import Utils

/// The system's word for what went wrong in the call just made: "no space left on device".
func systemReason(_ code: Int32 = errno) -> String {
  code == ELOOP ? "a symbolic link stands in its place" : String(cString: strerror(code)).lowercased()
}

/// Makes the folder at `url` and those above it; on false, `errno` tells why not.
///
/// One that exists is no failure.
func makeFolders(_ url: URL) -> Bool {
  if mkdir(url.path, 0o777) == 0 || errno == EEXIST { return true }
  let parent = url.deletingLastPathComponent()
  guard errno == ENOENT, parent.path != url.path, makeFolders(parent) else { return false }
  return mkdir(url.path, 0o777) == 0 || errno == EEXIST
}

/// Writes the file at `url`, without the sync and rename of `AtomicFile`: for a new file in a new folder.
func write(_ text: String, to url: URL) throws {
  try write(Array(text.utf8), to: url, O_TRUNC)
}

/// Adds `bytes` to the end of the file at `url`, which is made if it is missing; a symbolic link is not followed.
///
/// All of them or none: after a failure, such as a full disk, the file is as long as before.
func append(_ bytes: [UInt8], to url: URL) throws {
  try write(bytes, to: url, O_APPEND)
}

func write(_ bytes: [UInt8], to url: URL, _ mode: Int32 = O_TRUNC) throws {
  let file = open(url.path, O_WRONLY | O_CREAT | O_NOFOLLOW | mode | O_CLOEXEC, 0o666)
  guard file >= 0 else { throw cannotWrite(url, systemReason()) }
  defer { close(file) }
  let length = lseek(file, 0, SEEK_END)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if count == 0 || errno != EINTR {
      let reason = systemReason()
      if length >= 0 { _ = ftruncate(file, length) }
      throw cannotWrite(url, reason)
    }
  }
}

/// The error of a file in a run's folder that cannot be written.
func cannotWrite(_ url: URL, _ reason: String) -> LabError {
  LabError(
    .tracking, "\(url.relativePath) cannot be written: \(reason)",
    remedy: "free some space, or choose another folder with --output-dir")
}
