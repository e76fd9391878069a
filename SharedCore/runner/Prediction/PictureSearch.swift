import Foundation
import Utils

/// Turns what a person types for pictures into files: paths, folders with all below them, and patterns.
enum PictureSearch {
  private static let suffixes = ["png", "jpg", "jpeg"]

  /// The files, in the order in which they were named; those of a folder or a pattern by name.
  ///
  /// A file that is named itself is taken whatever it is called. A name that stands for nothing is among the failures; throws
  /// where no name stands for a picture.
  static func files(_ names: [String]) throws -> (files: [URL], failures: [LabError]) {
    guard !names.isEmpty else {
      throw LabError(
        .usage, "no picture was named", remedy: "give files, folders or patterns such as 'strips/*.jpg'")
    }
    var (found, failures): ([URL], [LabError]) = ([], [])
    for name in names {
      do { found += try files(name) } catch let error as LabError { failures.append(error) }
    }
    if found.isEmpty, let first = failures.first { throw first }
    return (found, failures)
  }

  private static func files(_ name: String) throws -> [URL] {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) {
      guard isFolder.boolValue else { return [URL(filePath: name)] }
      let found = pictures(below: name)
      guard !found.isEmpty else {
        throw LabError(.usage, "\(name) holds no picture", remedy: "name a folder with PNG or JPEG files")
      }
      return found
    }
    let matches = name.contains { "*?[".contains($0) } ? matches(name) : []
    guard !matches.isEmpty else {
      throw LabError(.usage, "there is no picture \(name.quoted)", remedy: "check the path")
    }
    return try matches.flatMap { try files($0) }
  }

  private static func pictures(below folder: String) -> [URL] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      suffixes.contains((name as NSString).pathExtension.lowercased())
        && !name.split(separator: "/").contains { $0.hasPrefix(".") }
    }.sorted().map { URL(filePath: folder, directoryHint: .isDirectory).appending(path: $0) }
  }

  private static func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }
}
