import Foundation
import Utils

/// The `curl` program as a child process: what a file transfer needs of it.
///
/// What curl reads comes through a pipe, so it ends when this process does and cannot write more than it may.
enum Curl {
  /// Appends what follows the content of the file at `target` from `address` to it.
  ///
  /// - Parameters:
  ///   - address: an http, https or file URL.
  ///   - target: the partial file, made when there is none.
  ///   - start: how many bytes the partial file has.
  ///   - limit: the largest size the file may get; curl is stopped beyond it.
  ///   - progress: told the size of the file after every piece.
  /// - Returns: what went wrong, in curl's words, or nil.
  static func run(
    _ address: String, to target: URL, from start: Int, limit: Int, progress: (Int) -> Void
  ) throws -> String? {
    guard ["https://", "http://", "file://"].contains(where: address.hasPrefix) else {
      return "the address is none of http, https, file"
    }
    let descriptor = open(target.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotWrite(target) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let (content, messages) = (Pipe(), Pipe())
    let process = try launch(address, from: start, content, messages)
    defer { process.waitUntilExit() }
    var size = start
    while let piece = try content.fileHandleForReading.read(upToCount: 1 << 18), !piece.isEmpty {
      size += piece.count
      guard size <= limit else {
        process.terminate()
        unlink(target.path)
        return "it is larger than \(limit) bytes"
      }
      do {
        try file.write(contentsOf: piece)
      } catch {
        process.terminate()
        throw cannotWrite(target)
      }
      progress(size)
    }
    process.waitUntilExit()
    return try complaint(process.terminationStatus, messages)
  }

  private static func launch(_ address: String, from start: Int, _ content: Pipe, _ messages: Pipe) throws
    -> Process
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "curl", "--fail", "--silent", "--show-error", "--location", "--proto", "=https,http,file",
      "--proto-redir",
      "=https,http", "--connect-timeout", "20", "--speed-limit", "1000", "--speed-time", "60", "--url",
      address,
    ]
    if start > 0 { process.arguments? += ["--continue-at", String(start)] }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = content
    process.standardError = messages
    do {
      try process.run()
    } catch {
      throw LabError(.data, "the program env cannot be started", remedy: "repair the system's coreutils")
    }
    return process
  }

  private static func complaint(_ status: Int32, _ messages: Pipe) throws -> String? {
    if status == 0 { return nil }
    if status == 127 {
      throw LabError(.data, "the program curl is not installed", remedy: "install it: apt install curl")
    }
    let text = String(decoding: (try? messages.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    let message = text.split(separator: "\n").last.map(String.init) ?? "curl ended with \(status)"
    return String(message.trimmingCharacters(in: .whitespaces).prefix(160))
  }

  private static func cannotWrite(_ target: URL) -> LabError {
    LabError(
      .data, "\(target.path) cannot be written (\(InputFile.lastSystemError()))",
      remedy: "free some space, or choose another folder with --data-root or LAB_DATA")
  }
}
