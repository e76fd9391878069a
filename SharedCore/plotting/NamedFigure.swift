import Foundation

/// A figure and the name of its files.
public struct NamedFigure: Sendable {
  /// The name of its files, without folder and extension.
  public let name: String
  /// What they show.
  public let figure: any Figure

  /// `figure` as `<name>.png` and `<name>.svg`.
  public init(_ name: String, _ figure: any Figure) {
    self.name = name
    self.figure = figure
  }

  /// Writes both files into `folder`, which is made if it is missing.
  ///
  /// Throws a `LabError` that names the file when it cannot be written.
  /// - Returns: The two files, PNG first.
  @discardableResult
  public func write(to folder: URL) throws -> [URL] { try figure.write(to: folder, named: name) }
}
