import Foundation
import Utils

/// A PNG file with what its header says (W3C, Portable Network Graphics, §11.2.2).
struct PNGPicture: Sendable {
  /// The whole file.
  let bytes: [UInt8]
  /// Size in pixels.
  let width, height: Int
  /// Numbers a pixel: 1 grey, 2 grey and alpha, 3 RGB or palette, 4 RGBA.
  let channels: Int

  /// The file at `url`; throws a `LabError` where it is no PNG.
  init(contentsOf url: URL) throws {
    guard let data = try? Data(contentsOf: url) else {
      throw Self.unreadable(url, "cannot be read")
    }
    bytes = Array(data)
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.count >= 33, bytes.starts(with: signature), bytes[12..<16].elementsEqual("IHDR".utf8),
      let channels = [0: 1, 2: 3, 3: 3, 4: 2, 6: 4][bytes[25]]
    else { throw Self.unreadable(url, "is no PNG picture") }
    self.channels = channels
    let number = { [bytes] (start: Int) in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    (width, height) = (number(16), number(20))
  }

  private static func unreadable(_ url: URL, _ what: String) -> LabError {
    LabError(.tracking, "\(url.relativePath) \(what)", remedy: "draw it again with --visualize")
  }
}
