import Foundation
import Testing
import Utils

@Suite struct FolderLockTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "lab-lock-\(UUID().uuidString)")

  private func lock(leavesNothing: Bool = true) throws -> FolderLock {
    try FolderLock(folder, work: "it is being made", remedy: "wait", leavesNothing: leavesNothing)
  }

  private var isThere: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: ".lock").path)
  }

  /// Who is refused takes nothing away from the holder: the third is refused too.
  @Test func oneHoldsItHoweverManyAsk() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var holder: FolderLock? = try lock()
    for _ in 0..<3 {
      #expect { try lock() } throws: { "\($0)".contains("it is being made by process \(getpid()) since") }
      #expect(isThere && FolderLock.isHeld(folder))
    }
    withExtendedLifetime(holder) {}
    holder = nil
    #expect(!isThere && !FolderLock.isHeld(folder))
    #expect(throws: Never.self) { try lock(leavesNothing: false) }
    #expect(isThere && !FolderLock.isHeld(folder))
  }

  @Test func aFolderThatCannotBeIsASentence() throws {
    try Data().write(to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect { try lock() } throws: { ($0 as? LabError)?.cause.contains("cannot be written") ?? false }
  }
}
