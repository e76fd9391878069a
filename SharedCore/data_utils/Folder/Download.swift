import Foundation
import Utils

/// What a download reports while it is under way.
public enum DownloadEvent: Sendable {
  /// The file is there and its checksum is right; nothing was done.
  case present(CatalogueEntry.File)
  /// The transfer from an address began, after `resumedAt` bytes that were there already.
  case began(CatalogueEntry.File, address: String, resumedAt: Int)
  /// So many bytes are there.
  case progressed(CatalogueEntry.File, bytes: Int)
  /// An address did not give the file; the next one is tried.
  case failed(CatalogueEntry.File, address: String, reason: String)
  /// The file is complete, checked and in its place.
  case finished(CatalogueEntry.File)
}

extension DataFolder {
  /// Downloads what is missing of `entry` with `curl` as a child process.
  ///
  /// A partial file (`NAME.part`) is gone on with, each address is tried in turn, size and SHA-256 are compared with
  /// the catalogue, and only then is the file renamed into place. A set without public addresses throws before
  /// anything is transferred and says where the original is.
  ///
  /// - Parameters:
  ///   - entry: the set.
  ///   - report: told of everything that happens; called on the calling thread.
  public func fetch(_ entry: CatalogueEntry, report: (DownloadEvent) -> Void = { _ in }) throws {
    let missing = entry.files.filter { file in
      let isPresent = status(of: file, in: entry) == .good
      if isPresent { report(.present(file)) }
      return !isPresent
    }
    guard missing.allSatisfy({ !$0.addresses.isEmpty }) else {
      throw LabError(.data, "\(entry.name) cannot be downloaded", remedy: remedy(for: entry))
    }
    guard !missing.isEmpty else { return }
    try createFolder(root.appending(path: entry.name))
    let lock = try DownloadLock(root.appending(path: entry.name))
    defer { lock.release() }
    for file in missing {
      let target = url(file, of: entry)
      try createFolder(target.deletingLastPathComponent())
      try Download(file: file, target: target).run(report)
    }
  }

  func createFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .data, "the folder \(folder.path) cannot be made (\(origin) names \(root.path))",
        remedy: "choose a folder you may write to with \(choice)")
    }
  }
}

/// One file on its way from any of its addresses to its place.
private struct Download {
  let file: CatalogueEntry.File
  let target: URL
  private var part: URL { target.appendingPathExtension("part") }

  func run(_ report: (DownloadEvent) -> Void) throws {
    var failures: [String] = []
    if partSize == file.bytes, try isGood() { return try moveIntoPlace(report) }
    for address in file.addresses {
      var reason = try transfer(address, report)
      // The partial file was no good, and is gone now.
      if reason == .damagedAfterResume { reason = try transfer(address, report) }
      guard let reason else { return try moveIntoPlace(report) }
      failures.append("\(address) (\(reason.text))")
      report(.failed(file, address: address, reason: reason.text))
    }
    throw LabError(
      .data, "\(file.path) could not be downloaded from \(failures.joined(separator: " nor from "))",
      remedy: "check the network and run the same command again, or copy the file to \(target.path) yourself")
  }

  private enum Failure: Equatable {
    /// The partial file and what came after it do not make the file; the partial file is gone.
    case damagedAfterResume
    /// In words.
    case other(String)

    var text: String {
      switch self {
      case .damagedAfterResume: "the partial file could not be gone on with"
      case .other(let text): text
      }
    }
  }

  /// Fetches the rest of the partial file from `address`; nil when it is complete and right.
  private func transfer(_ address: String, _ report: (DownloadEvent) -> Void) throws -> Failure? {
    if partSize >= file.bytes { removePart() }
    let start = partSize
    report(.began(file, address: address, resumedAt: start))
    let reason = try Curl.run(address, to: part, from: start, limit: file.bytes) { size in
      report(.progressed(file, bytes: size))
    }
    let size = partSize
    if reason == nil, size == file.bytes, try isGood() { return nil }
    if size == 0 { removePart() }
    // What a transfer was cut off from is gone on with; what is complete and wrong is not.
    if let reason, size < file.bytes, size > start || start == 0 { return .other(reason) }
    removePart()
    if start > 0 { return .damagedAfterResume }
    return .other(
      reason
        ?? (size == file.bytes ? "its checksum is wrong" : "it has \(size) bytes instead of \(file.bytes)"))
  }

  private var partSize: Int { InputFile.size(part) ?? 0 }

  private func isGood() throws -> Bool { try SHA256.hex(ofFileAt: part) == file.sha256 }

  private func removePart() { unlink(part.path) }

  private func moveIntoPlace(_ report: (DownloadEvent) -> Void) throws {
    let descriptor = open(part.path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
    guard rename(part.path, target.path) == 0 else {
      throw LabError(
        .data,
        "\(part.path) cannot be renamed to \(target.lastPathComponent) (\(InputFile.lastSystemError()))",
        remedy: "check that you may write to the folder")
    }
    report(.finished(file))
  }
}

/// The only process that may change the folder of a set, until it is released or ends.
struct DownloadLock {
  private let descriptor: Int32

  init(_ folder: URL) throws {
    descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if descriptor >= 0 { close(descriptor) }
      throw LabError(.data, "another download into \(folder.path) is under way", remedy: "wait for it to end")
    }
  }

  /// Said outright: a program that another thread starts just now holds the folder for a moment longer than we do.
  func release() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
