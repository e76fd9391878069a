import Foundation
import Utils

/// A split kept as three text files, `train.txt`, `val.txt` and `test.txt`, an image's name a line.
public enum SplitFiles {
  /// Writes the files into `folder`, which is made where it is missing.
  public static func write(_ split: SplitIndices, names: [String], to folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .data, "the folder \(folder.relativePath) cannot be made", remedy: "choose a place you may write to")
    }
    for (part, indices) in split.parts {
      let text = indices.map { names[$0] + "\n" }.joined()
      try AtomicFile.write(text, to: folder.appending(path: "\(part).txt"), kind: .data)
    }
  }

  /// Reads the files in `folder` back: every image of `names` in exactly one part, and no other image in any.
  ///
  /// Throws a `LabError` with the first that is unknown, twice or missing, and how many there are.
  public static func read(_ folder: URL, names: [String]) throws -> SplitIndices {
    let numbers = Dictionary(zip(names, names.indices)) { first, _ in first }
    var split = SplitIndices(train: [], val: [], test: [])
    var (unknown, repeated): ([String], [String]) = ([], [])
    var seen = Set<Int>()
    for (part, keyPath) in [("train", \SplitIndices.train), ("val", \.val), ("test", \.test)] {
      for name in try lines(of: folder.appending(path: "\(part).txt")) {
        guard let number = numbers[name] else {
          unknown.append("\(name) in \(part).txt")
          continue
        }
        if !seen.insert(number).inserted { repeated.append("\(name), again in \(part).txt") }
        split[keyPath: keyPath].append(number)
      }
    }
    let missing = names.indices.filter { !seen.contains($0) }.map { names[$0] }
    for (found, what) in [
      (unknown, "names images that are not there"), (repeated, "names images twice"),
      (missing, "leaves images out"),
    ] where !found.isEmpty {
      throw LabError(
        .data, "the split in \(folder.relativePath) \(what): \(found[0])\(others(found.count - 1))",
        remedy: "make the split anew")
    }
    return split
  }

  private static func lines(of url: URL) throws -> [String] {
    guard let data = try? Data(contentsOf: url), let text = String(validating: data, as: UTF8.self) else {
      throw LabError(
        .data, "\(url.relativePath) cannot be read as text", remedy: "check the path, or make the split anew")
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func others(_ count: Int) -> String { count == 0 ? "" : " and \(count) more" }
}
