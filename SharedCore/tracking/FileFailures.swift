import Foundation
import Utils

/// The system's word for what went wrong in the call just made: "no space left on device".
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)).lowercased() }

/// The system's word for an error of Foundation, without Foundation's sentence around it.
func reason(of error: any Error) -> String {
  let error = error as NSError
  if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { return reason(of: inner) }
  return error.domain == NSPOSIXErrorDomain ? systemReason(Int32(error.code)) : error.localizedDescription
}

/// Adds `bytes` to the end of the file at `url`, which is made if it is missing.
///
/// All of them or none: after a failure, such as a full disk, the file is as long as before.
func append(_ bytes: [UInt8], to url: URL) throws {
  let file = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
  guard file >= 0 else { throw cannotWrite(url, systemReason()) }
  defer { close(file) }
  let length = lseek(file, 0, SEEK_END)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
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
