import Engine
import Utils

/// Images on disk as the samples of a data set: each is decoded when it is first drawn.
///
/// A value; its copies and parts share the decoded bytes. Any thread may ask.
public struct ImageFiles: Sendable {
  /// What each sample looks like.
  public let fit: ImageFit
  private let images: [CachedImage]

  /// The samples `files`, which nobody opens before one is drawn.
  ///
  /// - Parameters:
  ///   - files: a file for each sample; the same one may come twice.
  ///   - fit: the shape of a sample, and what happens to pictures of another size.
  ///   - cache: where decoded bytes are kept.
  public init(_ files: [ImageFile], _ fit: ImageFit, cache: ImageCache = ImageCache()) {
    self.init(fit: fit, images: files.map { CachedImage($0, fit, cache) })
  }

  private init(fit: ImageFit, images: [CachedImage]) { (self.fit, self.images) = (fit, images) }

  /// How many samples there are.
  public var count: Int { images.count }

  /// [C, H, W].
  public var sampleShape: Shape { [fit.size.channels, fit.size.height, fit.size.width] }

  /// The file of sample `index`.
  public func file(_ index: Int) -> ImageFile { images[index].file }

  /// [C, H, W], the bytes of sample `index`; throws a `LabError` that names a file which cannot be read or does not fit.
  public func bytes(_ index: Int) throws -> [UInt8] { try images[index].bytes() }

  /// [N, C, H, W], the bytes of all samples.
  func allBytes() throws -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(count * sampleShape.elementCount)
    for image in images { all += try image.bytes() }
    return all
  }

  /// The samples at `indices`, in that order.
  func subset(_ indices: [Int]) -> ImageFiles {
    ImageFiles(fit: fit, images: indices.map { images[$0] })
  }

  /// These samples, then those of `other`, whose fit is the same.
  func appending(_ other: ImageFiles) -> ImageFiles { ImageFiles(fit: fit, images: images + other.images) }

  /// Adds the fit, the names of the files, the parts taken of them and the SHA-256 of their bytes to `digest`.
  ///
  /// A file that cannot be read counts as such; whoever draws it says why.
  func update(_ digest: inout SHA256) {
    var text = "\(fit.rule.rawValue) \(sampleShape)\n"
    for image in images {
      let region = image.file.region.map { " \($0.x) \($0.y) \($0.width) \($0.height)" } ?? ""
      let sum = (try? SHA256.hex(ofFileAt: image.file.url)) ?? "unreadable"
      text += "\(image.file.url.lastPathComponent)\(region) \(sum)\n"
    }
    Array(text.utf8).withUnsafeBytes { digest.update($0) }
  }
}
