import Foundation
import Utils

/// Finds annotation databases by what a user names: files, folders, folders of folders, patterns.
public enum AnnotationSearch {
  /// The databases that `places` name, each once, in the order of the places and of their paths.
  ///
  /// A place is a file, a folder with `annotations.db` in it or anywhere below it, or a pattern (`*`, `?`, `[...]`) of such.
  /// Throws a `LabError` for a place without any.
  public static func files(_ places: [String]) throws -> [URL] {
    var (files, seen): ([URL], Set<String>) = ([], [])
    for place in places {
      let found = try matches(place).flatMap(databases)
      guard !found.isEmpty else {
        throw LabError(
          .data, "there is no \(AnnotationDatabase.fileName) in \(place)",
          remedy: "name folders of annotated videos, or make some with lab captions make")
      }
      for file in found where seen.insert(file.resolvingSymlinksInPath().path).inserted { files.append(file) }
    }
    return files
  }

  private static func matches(_ place: String) throws -> [URL] {
    if FileManager.default.fileExists(atPath: place) { return [URL(filePath: place)] }
    var result = glob_t()
    defer { globfree(&result) }
    guard place.contains(where: "*?[".contains), glob(place, 0, nil, &result) == 0 else {
      throw LabError(
        .data, "\(place) does not exist", remedy: "name folders of annotated videos, or a pattern of such")
    }
    let found = (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
    // A pattern also matches files beside the videos.
    return found.map { URL(filePath: $0) }.filter { isFolder($0) || $0.pathExtension == "db" }
  }

  private static func databases(in place: URL) -> [URL] {
    guard isFolder(place) else { return [place] }
    let names = FileManager.default.enumerator(atPath: place.path)?.compactMap { $0 as? String } ?? []
    return names.filter { ($0 as NSString).lastPathComponent == AnnotationDatabase.fileName }.sorted()
      .map { place.appending(path: $0) }
  }

  private static func isFolder(_ place: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
