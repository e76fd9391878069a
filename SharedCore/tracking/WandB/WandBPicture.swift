import Foundation
import Utils

/// A picture in a run of W&B: a copy among its media, and the value of a history row that points there.
struct WandBPicture {
  /// What the row calls it.
  let key: String
  /// Where it lies, below the run's folder `files`.
  let path: String
  /// The value of the row.
  let json: String

  /// Copies the PNG at `url` into `files`/media/images.
  init(_ url: URL, step: Int, in files: URL) throws {
    let picture = try PNGPicture(contentsOf: url)
    key = url.deletingPathExtension().lastPathComponent
    let sum = SHA256.hex(of: picture.bytes)
    path = "media/images/\(key)_\(step)_\(sum.prefix(20)).png"
    let media = files.appendingPathComponent("media/images", isDirectory: true)
    guard makeFolders(media) else { throw cannotWrite(media, systemReason()) }
    try write(picture.bytes, to: files.appendingPathComponent(path))
    json =
      JSONValue.object([
        "_type": "image-file", "path": .string(path), "sha256": .string(sum),
        "size": .integer(Int64(picture.bytes.count)), "format": "png",
        "width": .integer(Int64(picture.width)), "height": .integer(Int64(picture.height)),
      ]).text()
  }
}
