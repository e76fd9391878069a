import Foundation
import Utils

/// How large a figure is on paper.
public struct FigureSize: Equatable, Sendable {
  /// The width in inches.
  public let width: Double
  /// The height in inches.
  public let height: Double

  /// A size in inches, each side from 0.5 to 200.
  public init(width: Double, height: Double) {
    require(
      (0.5...200).contains(width) && (0.5...200).contains(height), "a figure of \(width)x\(height) in")
    self.width = width
    self.height = height
  }

  /// 10 by 6 inches: 1500 by 900 pixels.
  public static let standard = FigureSize(width: 10, height: 6)
}

/// A picture described once and drawn twice, as PNG and as SVG.
public protocol Figure: Sendable {
  /// What the picture is called; the title of the SVG document.
  var title: String { get }
  /// How large the picture is.
  var size: FigureSize { get }
  /// Draws the picture into the bounds of `canvas`, which may be smaller than `size` in a contact sheet.
  func draw(on canvas: Canvas)
}

extension Figure {
  /// 10 by 6 inches.
  public var size: FigureSize { .standard }

  /// Writes `<name>.png` (150 pixels an inch) and `<name>.svg` into `folder`, which is made if it is missing.
  ///
  /// The same figure gives the same bytes on the same machine. Each file appears whole or not at all. Throws a
  /// `LabError` that names the file when it cannot be written, or when a symbolic link stands in its place.
  /// - Returns: The two files, PNG first.
  @discardableResult
  public func write(to folder: URL, named name: String) throws -> [URL] {
    [
      try writeFile(Rendering.png(of: self).bytes, to: folder, named: "\(name).png"),
      try writeFile(SVGDocument(of: self).bytes, to: folder, named: "\(name).svg"),
    ]
  }
}

/// Writes `bytes` to a temporary sibling and renames it, so that a reader never meets half a picture.
func writeFile(_ bytes: [UInt8], to folder: URL, named name: String) throws -> URL {
  require(!name.contains("/"), "a figure's name is a plain file name, not \(name)")
  let url = folder.appendingPathComponent(name)
  try OutputLinks.refuse(at: url)
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: url, options: .atomic)
  } catch let error as CocoaError {
    let isFull = error.code == .fileWriteOutOfSpace
    throw LabError(
      .plotting, "\(url.path) cannot be written (\(isFull ? "the disk is full" : reason(error)))",
      remedy: isFull
        ? "free some space or name another folder with --output-dir"
        : "make the folder writable or name another one with --output-dir")
  }
  return url
}

private func reason(_ error: CocoaError) -> String {
  switch error.code {
  case .fileWriteNoPermission: "permission denied"
  case .fileWriteVolumeReadOnly: "the file system is read-only"
  case .fileWriteFileExists: "a file stands where its folder should be"
  case .fileNoSuchFile, .fileReadNoSuchFile: "its folder is missing"
  default: (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { "\($0)" } ?? "\(error.code)"
  }
}
