import Foundation
import Utils

/// The `curl` program as a child process: what a file transfer needs of it.
enum Curl {
  /// Appends what follows the content of `target` at `address` to it.
  ///
  /// - Parameters:
  ///   - address: an http, https or file URL.
  ///   - target: the partial file, gone on with when it exists.
  ///   - limit: the largest size the file may get; curl is stopped beyond it.
  ///   - progress: told the size of the file several times a second.
  /// - Returns: what went wrong, in curl's words, or nil.
  static func run(_ address: String, to target: URL, limit: Int, progress: (Int) -> Void) throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "curl", "--fail", "--silent", "--show-error", "--location", "--proto", "=https,http,file",
      "--proto-redir",
      "=https,http", "--connect-timeout", "20", "--speed-limit", "1000", "--speed-time", "60", "--retry", "2",
      "--max-filesize", String(limit), "--continue-at", "-", "--output", target.path, "--url", address,
    ]
    let messages = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = messages
    do {
      try process.run()
    } catch {
      throw LabError(.data, "the program env cannot be started", remedy: "repair the system's coreutils")
    }
    var isTooLarge = false
    while process.isRunning {
      usleep(20_000)
      let size = InputFile.size(target) ?? 0
      progress(size)
      if size > limit, !isTooLarge {
        isTooLarge = true
        process.terminate()
      }
    }
    process.waitUntilExit()
    let text = String(decoding: (try? messages.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    if isTooLarge || process.terminationStatus == 63 { return "it is larger than \(limit) bytes" }
    if process.terminationStatus == 127 {
      throw LabError(.data, "the program curl is not installed", remedy: "install it: apt install curl")
    }
    if process.terminationStatus == 0 { return nil }
    let message =
      text.split(separator: "\n").last.map(String.init) ?? "curl ended with \(process.terminationStatus)"
    return String(message.trimmingCharacters(in: .whitespaces).prefix(160))
  }
}
