import Foundation
import Utils

/// Reads files one after another and sees that each is taken or refused as it should be; ends the program when not.
struct Examination {
  let folder: URL
  /// How many files were taken.
  private(set) var accepted = 0
  /// The most memory that reading one took beside the larger of the file and what was in it, in bytes.
  private(set) var highest = 0
  private static let memoryLimit = 64 << 20

  init(folder: URL) { self.folder = folder }

  mutating func examine(_ bytes: [UInt8], of format: FuzzedFormat, called name: String) throws {
    let file = folder.appending(path: "case.\(format.ending)")
    unlink(file.path)  // the last one may still be mapped
    try Data(bytes).write(to: file)
    ResidentMemory.resetPeak()
    let before = ResidentMemory.now()
    var decoded = 0
    alarm(10)
    do {
      decoded = try format.read(file)
      accepted += 1
    } catch is LabError {
      // refused with a sentence, as it should be
    } catch {
      print("case \(name) of \(format.name) threw \(error)")
      exit(1)
    }
    alarm(0)
    let more = ResidentMemory.peak() - before - max(bytes.count, decoded)
    highest = max(highest, more)
    guard more <= Self.memoryLimit else {
      print("case \(name) of \(format.name), \(bytes.count) bytes, took \(more >> 20) MiB more than it holds")
      exit(1)
    }
  }
}
