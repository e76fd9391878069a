import Foundation
import Images
import Utils

/// Where the images and the annotations of a set lie.
public struct SteelFolder: Equatable, Sendable {
  /// The folder of the images.
  public let images: URL
  /// The folder of Supervisely's JSON files, or Kaggle's `train.csv`.
  public let annotations: URL

  /// A set whose parts have these places.
  public init(images: URL, annotations: URL) { (self.images, self.annotations) = (images, annotations) }

  /// The set in `folder`: images in `img`, `images` or `train_images`, annotations in `ann`, `annotations` or
  /// `train.csv`; throws a `LabError` when one of both is missing.
  public init(_ folder: URL) throws {
    func first(_ names: [String], _ what: String) throws -> URL {
      let places = names.map { folder.appending(path: $0) }
      if let place = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) { return place }
      throw LabError(
        .data, "\(folder.relativePath) has no \(what): none of \(names.joined(separator: ", ")) is there",
        remedy: "name the folder of a set, or make one with lab data make steel --output FOLDER")
    }
    self.init(
      images: try first(["img", "images", "train_images"], "images"),
      annotations: try first(["ann", "annotations", "train.csv"], "annotations"))
  }

  /// The names of the images, in their order; throws a `LabError` when there is none.
  func imageNames() throws -> [String] {
    let files: [String]
    do { files = try FileManager.default.contentsOfDirectory(atPath: images.path) } catch {
      throw LabError(
        .data, "\(images.relativePath) is no folder that can be read", remedy: "name the folder of the images"
      )
    }
    let endings: Set = ["jpg", "jpeg", "png"]
    let names = files.filter {
      !$0.hasPrefix(".") && endings.contains(($0 as NSString).pathExtension.lowercased())
    }
    guard !names.isEmpty else {
      throw LabError(
        .data, "\(images.relativePath) holds no JPEG or PNG file", remedy: "name the folder of the images")
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The size of the first image that can be read, in pixels; throws a `LabError` when none of the first hundred can be.
  public func firstSize() throws -> (height: Int, width: Int) {
    let names = try imageNames()
    for name in names.prefix(100) {
      let bytes = try? InputFile.read(images.appending(path: name))
      if let header = try? bytes.map({ try ImageHeader(of: $0, file: name) }) {
        return (header.height, header.width)
      }
    }
    throw LabError(
      .data, "\(names[0]) and the images after it in \(images.relativePath) cannot be read",
      remedy: "copy the images again")
  }
}
