import Foundation
import Testing

/// Damaged files: no reader crashes, hangs, or takes more than 64 MiB beside the file and what is in it.
///
/// 500 of each format, and 20,000 where NIGHTLY is set. Each format is read by a process of its own, whose death is seen.
@Suite("Damaged files")
struct FuzzTests {
  private static let count = ProcessInfo.processInfo.environment["NIGHTLY"] == nil ? 500 : 20_000

  @Test(arguments: [
    "greedy", "safetensors", "shards", "pth", "npy", "npz", "idx", "cifar", "csv", "png", "jpeg",
    "supervisely", "runlengths", "annotations", "pairs", "yaml", "sweep", "config",
  ])
  func read(format: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(format)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let programs = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = programs.appending(path: "Fuzzer")
    process.arguments = [format, "\(Self.count)", "1", folder.path]
    let said = folder.appending(path: "said")
    try Data().write(to: said)
    let output = try FileHandle(forWritingTo: said)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    let words = String(decoding: try Data(contentsOf: said), as: UTF8.self)
    let isWell = process.terminationReason == .exit && process.terminationStatus == 0
    #expect(
      isWell, "ended with \(process.terminationStatus); the file is in \(folder.path): \(words.suffix(2000))")
    #expect(words.contains(format == "greedy" ? "greedy: 14 files" : "\(Self.count) damaged files"))
    #expect(!words.contains(" 0 accepted"), "a reader that takes nothing is not tested")
    if isWell { try FileManager.default.removeItem(at: folder) }
  }
}
