import Foundation
import Testing
@testable import Utils

@Suite("Atomic file")
struct AtomicFileTests {
  @Test("writes a new file and replaces an old one, leaving nothing beside it")
  func writes() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("last.json")
      try AtomicFile.write("first", to: file)
      try AtomicFile.write(Array("second é".utf8), to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "second é")
      try AtomicFile.write(to: file) { output in
        for piece in ["a", "", "bc"] { try Array(piece.utf8).withUnsafeBytes { try output.append($0) } }
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "abc")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["last.json"])
    }
  }

  @Test("goes on after a partial and an interrupted write")
  func partialWrites() throws {
    try inFolder { folder in
      var calls = AtomicFile.SystemCalls()
      var turn = 0
      let write = calls.write
      calls.write = { file, bytes in
        turn += 1
        if turn % 2 == 0 { return fail(EINTR) }
        return write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(3)))
      }
      let file = folder.appendingPathComponent("a.txt")
      try AtomicFile.write(to: file, kind: .data, calls: calls) { output in
        try Array("0123456789".utf8).withUnsafeBytes { try output.append($0) }
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "0123456789")
    }
  }

  @Test(
    "an interruption at any stage before the rename keeps the old file and leaves nothing",
    arguments: [
      ("create", EACCES, "permission denied; choose a folder you may write to."),
      ("write", ENOSPC, "no space is left on the device; free some space or choose another folder."),
      ("stuck", EIO, "input/output error; check the disk and try again."),
      ("sync", EIO, "input/output error; check the disk and try again."),
      ("close", EDQUOT, "no space is left on the device; free some space or choose another folder."),
      ("rename", EROFS, "the file system is read-only; choose a folder you may write to."),
    ])
  func interrupted(stage: String, code: Int32, ending: String) throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("last.safetensors")
      try AtomicFile.write("old", to: file)
      var calls = AtomicFile.SystemCalls()
      let close = calls.close
      switch stage {
      case "create": calls.create = { _ in fail(code) }
      case "write":
        calls.write = { file, bytes in bytes.count < 3 ? fail(code) : write(file, bytes.baseAddress, 2) }
      case "stuck": calls.write = { _, _ in 0 }
      case "sync": calls.sync = { _ in fail(code) }
      case "close":
        calls.close = { file in
          _ = close(file)
          return fail(code)
        }
      default: calls.rename = { _, _ in fail(code) }
      }
      let error = #expect(throws: LabError.self) {
        try AtomicFile.write(to: file, kind: .tracking, calls: calls) { output in
          try Array("new!".utf8).withUnsafeBytes { try output.append($0) }
        }
      }
      #expect(error?.description == "\(file.path) cannot be written: \(ending)")
      #expect(error?.kind == .tracking)
      #expect(try String(contentsOf: file, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["last.safetensors"])
    }
  }

  @Test("an error of the body is passed on and keeps the old file")
  func bodyFails() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      try AtomicFile.write("old", to: file)
      #expect(throws: CancellationError.self) {
        try AtomicFile.write(to: file) { output in
          try [1, 2].withUnsafeBytes { try output.append($0) }
          throw CancellationError()
        }
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }
  }

  @Test("a folder that cannot be synced says that the file is in place; one that does not sync is no error")
  func folderSync() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      var calls = AtomicFile.SystemCalls()
      calls.syncFolder = { _ in fail(EIO) }
      let error = #expect(throws: LabError.self) {
        try AtomicFile.write(to: file, kind: .data, calls: calls) { _ in }
      }
      #expect(error?.cause.contains("is written, but its folder could not be synced") == true)
      #expect(FileManager.default.fileExists(atPath: file.path))
      calls.syncFolder = { _ in fail(EINVAL) }
      try AtomicFile.write(to: file, kind: .data, calls: calls) { _ in }
    }
  }

  @Test("a place that cannot be is named with its remedy")
  func impossiblePlaces() throws {
    try inFolder { folder in
      let regular = folder.appendingPathComponent("regular")
      try AtomicFile.write("old", to: regular)
      try expect(
        regular.appendingPathComponent("a"), "\(regular.path) is not a folder; choose another place.")
      let missing = folder.appendingPathComponent("missing")
      try expect(
        missing.appendingPathComponent("a"), "the folder \(missing.path) does not exist; create it first.")
      let long = folder.appendingPathComponent(String(repeating: "n", count: 300))
      try expect(long, "its name is too long; choose a shorter name.")
      try expect(folder, "a folder of that name is in its place; choose another name.")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["regular"])
      #expect(try String(contentsOf: regular, encoding: .utf8) == "old")
    }
  }

  private func expect(_ file: URL, _ ending: String) throws {
    let error = #expect(throws: LabError.self) { try AtomicFile.write("new", to: file) }
    #expect(error?.description == "\(file.path) cannot be written: \(ending)")
  }
}

/// What a failing call to the operating system does: sets `errno` and answers -1.
private func fail<Result: SignedInteger>(_ code: Int32) -> Result {
  errno = code
  return -1
}

/// Runs `body` with a fresh folder that is removed afterwards.
private func inFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    .appendingPathComponent("it")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
  try body(folder)
}
