import DataUtils
import Foundation
import Images
import Synchronization
import Utils

/// A set of made-up strips on the disk, in the form of the real one: `img/*.jpg`, `ann/*.jpg.json` and `train.csv`, with
/// `steel.json` that says what it was made from.
///
/// It is made in a folder beside its place, called `.NAME.partial`, and renamed when it is complete. Making it again after
/// an interruption goes on where it stopped; what lies there with another recipe is refused.
public struct StripFolder: Sendable {
  /// The quality of the JPEG files.
  public static let quality = 92
  /// How many images a set has at most.
  public static let largestCount = 1_000_000

  /// What the images are.
  public let strips: SteelStrips
  /// How many there are.
  public let count: Int

  /// A set of `count` strips; throws a `LabError` unless there is at least one.
  public init(_ strips: SteelStrips, count: Int) throws {
    guard 1...Self.largestCount ~= count else {
      throw LabError(
        .config, "a set of \(count) strips cannot be made",
        remedy: "choose a number from 1 to \(grouped(Self.largestCount))")
    }
    (self.strips, self.count) = (strips, count)
  }

  /// The file name of image `index`.
  public func name(_ index: Int) -> String {
    let digits = String(index)
    return "strip_" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits + ".jpg"
  }

  /// What the set is made from.
  var recipe: JSONValue {
    [
      "kind": "steel", "version": 1, "count": .integer(Int64(count)), "seed": .string(String(strips.seed)),
      "height": .integer(Int64(strips.height)), "width": .integer(Int64(strips.width)),
      "quality": .integer(Int64(Self.quality)),
    ]
  }

  /// Makes the set at `folder`, with all cores; throws a `LabError` when something else lies there.
  ///
  /// - Parameters:
  ///   - folder: its place, where nothing is yet.
  ///   - progress: told how many images are there, one call at a time, from any thread.
  /// - Returns: how many images were there already, from an interrupted making.
  @discardableResult
  public func make(at folder: URL, progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> Int {
    let partial = try begun(for: folder)
    let known = Mutex(0)
    let masks = try concurrentMap(count, progress: progress) { index in
      let isThere = FileManager.default.fileExists(atPath: annotationFile(index, in: partial).path)
      if isThere { known.withLock { $0 += 1 } }
      return try isThere ? mask(of: strips.objects(index)) : write(index, to: partial)
    }
    let rows = masks.enumerated().map { (name: name($0), mask: $1) }
    try AtomicFile.write(
      KaggleTable.text(of: rows, classes: .four), to: partial.appending(path: "train.csv"), kind: .data)
    try Self.explain("cannot be put in its place", folder) {
      try FileManager.default.moveItem(at: partial, to: folder)
    }
    return known.withLock { $0 }
  }

  /// The folder in which the set is being made, with its recipe in it.
  private func begun(for folder: URL) throws -> URL {
    guard !Self.exists(folder) else {
      throw LabError(
        .data, "\(folder.relativePath) is there already", remedy: "choose another folder, or remove it first")
    }
    let partial = folder.deletingLastPathComponent()
      .appending(path: ".\(folder.lastPathComponent).partial")
    let recipeFile = partial.appending(path: "steel.json")
    if Self.exists(partial) {
      let found = (try? InputFile.read(recipeFile)).flatMap { try? JSONValue(parsing: $0) }
      guard found == recipe else {
        throw LabError(
          .data, "\(partial.relativePath) holds a half-made set of another recipe",
          remedy: "make it with the same count, seed and size to go on, or remove the folder")
      }
      return partial
    }
    try Self.explain("cannot be made", partial) {
      for part in ["img", "ann"] {
        try FileManager.default.createDirectory(
          at: partial.appending(path: part), withIntermediateDirectories: true)
      }
    }
    try AtomicFile.write(recipe.text(pretty: true) + "\n", to: recipeFile, kind: .data)
    return partial
  }

  /// Writes an image and then its annotation, so that an annotation says that both are there; returns its mask.
  private func write(_ index: Int, to folder: URL) throws -> RegionMask {
    let (grey, objects) = strips.strip(index)
    // Grey kept as red, green and blue, as in the real set.
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * grey.count) { pixels, filled in
      for (place, value) in grey.enumerated() {
        for channel in 0..<3 { pixels[3 * place + channel] = value }
      }
      filled = 3 * grey.count
    }
    let picture = DecodedImage(width: strips.width, height: strips.height, channels: 3, pixels: pixels)
    try AtomicFile.write(
      picture.encodedJPEG(quality: Self.quality), to: folder.appending(path: "img/\(name(index))"),
      kind: .data)
    let annotation = SuperviselyAnnotation.json(
      height: strips.height, width: strips.width,
      objects: objects.map { (SteelStrips.kindNames[$0.kind], $0.mask) })
    try AtomicFile.write(annotation.text() + "\n", to: annotationFile(index, in: folder), kind: .data)
    return mask(of: objects)
  }

  private func annotationFile(_ index: Int, in folder: URL) -> URL {
    folder.appending(path: "ann/\(name(index)).json")
  }

  /// The masks of all objects in one; they do not overlap.
  private func mask(of objects: [SteelStrips.Object]) -> RegionMask {
    var map = [UInt8](repeating: 0, count: strips.height * strips.width)
    for object in objects {
      for (place, value) in object.mask.map.enumerated() where value > 0 { map[place] = value }
    }
    return RegionMask(map: map, height: strips.height, width: strips.width)
  }

  /// Whether anything lies at `url`, be it a link that leads nowhere.
  private static func exists(_ url: URL) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: url.path)) != nil
  }

  private static func explain(_ what: String, _ url: URL, _ body: () throws -> Void) throws {
    do { try body() } catch {
      throw LabError(
        .data, "\(url.relativePath) \(what) (\(error.localizedDescription))",
        remedy: "choose a folder you may write to")
    }
  }
}
