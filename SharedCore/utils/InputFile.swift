import Foundation

/// A file of data as bytes, with what is wrong with it said in one sentence.
public enum InputFile {
  /// The largest file that is read as a whole; a sparse file can claim any size.
  private static let sizeLimit = 1 << 31

  /// All bytes of the regular file at `url`; `remedy` says how to get a good copy.
  public static func read(_ url: URL, remedy: String = "check the path") throws -> [UInt8] {
    let file = url.relativePath
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let reason = errno == ENOENT ? "does not exist" : "cannot be read (\(lastSystemError()))"
      throw LabError(.data, "\(file) \(reason)", remedy: remedy)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw LabError(.data, "\(file) is not a file", remedy: remedy)
    }
    let size = Int(status.st_size)
    guard size <= sizeLimit else {
      throw LabError(.data, "\(file) has \(size) bytes, and at most \(sizeLimit) are read", remedy: remedy)
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let count = Foundation.read(descriptor, buffer.baseAddress! + filled, size - filled)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw LabError(.data, "\(file) cannot be read (\(lastSystemError()))", remedy: remedy)
        }
        if count == 0 { break }  // someone shortened the file meanwhile; the readers notice
        filled += count
      }
    }
  }

  /// The size of the file at `url`, nil when there is none.
  public static func size(_ url: URL) -> Int? {
    var status = stat()
    return stat(url.path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// What the operating system said last: "permission denied".
  public static func lastSystemError() -> String { String(cString: strerror(errno)).lowercased() }
}
