import Images
import Utils

/// How the picture of a caption becomes one of 480 x 48 pixels.
public enum FitStrategy: String, CaseIterable, Sendable {
  /// A wider picture is cut, a narrower one continued by its mirror image.
  case crop
  /// The same as `crop`: the two differ in name only, which data sets and checkpoints record.
  case mirrorTile = "mirror_tile"
  /// A picture that is up to a fifth wider is squeezed, a wider one cut, a narrower one continued by its mirror image.
  case adaptive
}

/// Brings pictures to one size: the height by a Lanczos filter that keeps the aspect, then the width by strategy and anchor.
public struct CaptionFit: Equatable, Sendable {
  /// How the width is reached.
  public let strategy: FitStrategy
  /// The size to reach, in pixels.
  public let width, height: Int
  /// How much wider than high a picture may be.
  private static let largestAspect = 400

  /// Pictures of `width` x `height` pixels.
  public init(_ strategy: FitStrategy = .mirrorTile, width: Int = 480, height: Int = 48) {
    require(width > 0 && height > 0, "a picture has pixels, not \(width) x \(height)")
    (self.strategy, self.width, self.height) = (strategy, width, height)
  }

  /// The picture in the file `bytes` as red, green and blue; throws a `LabError` where it is none or far wider than a caption.
  static func decoded(_ bytes: [UInt8], file: String) throws -> DecodedImage {
    let header = try ImageHeader(of: bytes, file: file)
    guard header.width <= largestAspect * header.height else {
      throw LabError(
        .data, "\(file) has \(header.width) x \(header.height) pixels, which is no caption",
        remedy: "cut the frames of this video again")
    }
    return try DecodedImage(decoding: bytes, as: .rgb, file: file)
  }

  /// `picture` in the size of this; a caption that begins at `anchor` keeps its place there.
  ///
  /// The seams of mirror images are continuous: the tiles are flipped by turns.
  public func callAsFunction(_ picture: DecodedImage, anchor: CaptionAnchor) -> DecodedImage {
    let scaled = max(height * picture.width / picture.height, 1)
    if strategy == .adaptive, scaled > width, 5 * scaled <= 6 * width {
      return picture.resized(width: width, height: height, filter: .lanczos)
    }
    let resized = picture.resized(width: scaled, height: height, filter: .lanczos)
    if scaled == width { return resized }
    return scaled > width ? cut(resized, anchor) : tiled(resized, anchor)
  }

  private func cut(_ picture: DecodedImage, _ anchor: CaptionAnchor) -> DecodedImage {
    let rest = picture.width - width
    return picture.cropped(x: start(rest, anchor), y: 0, width: width, height: height)
  }

  private func start(_ rest: Int, _ anchor: CaptionAnchor) -> Int {
    switch anchor {
    case .left: 0
    case .center: rest / 2
    case .right: rest
    }
  }

  private func tiled(_ picture: DecodedImage, _ anchor: CaptionAnchor) -> DecodedImage {
    let (own, channels) = (picture.width, picture.channels)
    let offset = start(width - own, anchor)
    // Column x of the result is column `columns[x]` of the picture: there and back again, with the period 2 own.
    let columns = (0..<width).map { x in
      let place = ((x - offset) % (2 * own) + 2 * own) % (2 * own)
      return place < own ? place : 2 * own - 1 - place
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, filled in
      picture.pixels.withUnsafeBufferPointer { source in
        for row in 0..<height {
          for x in 0..<width {
            let (to, from) = ((row * width + x) * channels, (row * own + columns[x]) * channels)
            for channel in 0..<channels { target[to + channel] = source[from + channel] }
          }
        }
      }
      filled = width * height * channels
    }
    return DecodedImage(width: width, height: height, channels: channels, pixels: pixels)
  }
}
