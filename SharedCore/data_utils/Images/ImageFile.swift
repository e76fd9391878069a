import Foundation
import Images
import Utils

/// A picture on disk that stands for a sample: a PNG or JPEG file, or a part of one.
public struct ImageFile: Equatable, Sendable {
  /// A rectangle of a picture, in pixels from its upper left corner.
  public struct Region: Equatable, Sendable {
    /// The column and the row of the upper left corner.
    public let x, y: Int
    /// How many columns and rows.
    public let width, height: Int

    /// A rectangle; traps when it has no pixels or begins outside.
    public init(x: Int, y: Int, width: Int, height: Int) {
      require(
        x >= 0 && y >= 0 && width > 0 && height > 0, "no rectangle: \(width) x \(height) at (\(x), \(y))")
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  /// Where it lies.
  public let url: URL
  /// The part of it that is the sample; all of it when nil.
  public let region: Region?

  /// A file, or a part of one.
  public init(_ url: URL, region: Region? = nil) { (self.url, self.region) = (url, region) }

  /// How many rows and columns its picture has, as its first bytes say; throws a `LabError` where they cannot be read.
  public func size() throws -> (height: Int, width: Int) {
    let header = try ImageHeader(of: try InputFile.read(url), file: url.relativePath)
    return (header.height, header.width)
  }
}

/// How a picture of any size becomes a sample of one shape.
public struct ImageFit: Equatable, Sendable {
  /// What happens to a picture of another size.
  public enum Rule: String, Sendable {
    /// It is refused.
    case exact
    /// It is resized, whatever becomes of its proportions.
    case stretch
    /// It is resized as far as it fits, and lies in the middle; the rest is black.
    case pad
  }

  /// The size of a sample: 1 channel for grey, 3 for red, green, blue.
  public let size: ImageSize
  /// What happens to a picture of another size.
  public let rule: Rule

  /// Samples of [`channels`, `height`, `width`]; traps unless there are 1 or 3 channels.
  public init(channels: Int, height: Int, width: Int, _ rule: Rule = .exact) {
    guard channels == 1 || channels == 3, let size = ImageSize([channels, height, width]) else {
      trap("a sample cannot be an image of [\(channels), \(height), \(width)]")
    }
    (self.size, self.rule) = (size, rule)
  }

  /// [C, H, W], the bytes of `file`; throws a `LabError` that names it when it cannot be read or does not fit.
  func bytes(of file: ImageFile) throws -> [UInt8] {
    var image = try DecodedImage(contentsOf: file.url, as: size.channels == 1 ? .grey : .rgb)
    let name = file.url.relativePath
    if let region = file.region {
      guard region.x + region.width <= image.width, region.y + region.height <= image.height else {
        throw LabError(
          .data,
          "\(name) has \(image.height) x \(image.width) pixels (height x width), and no "
            + "\(region.height) x \(region.width) of them at row \(region.y) and column \(region.x)",
          remedy: "copy the file again, or choose another part of it")
      }
      image = image.cropped(x: region.x, y: region.y, width: region.width, height: region.height)
    }
    guard (image.width, image.height) != (size.width, size.height) else { return image.planes }
    switch rule {
    case .exact:
      throw LabError(
        .data,
        "\(name) has \(image.height) x \(image.width) pixels (height x width) instead of \(size.height) x \(size.width)",
        remedy:
          "leave it out, or let all images be resized (predict and lab: --resize; train: data.resize=true)")
    case .stretch: return image.resized(width: size.width, height: size.height).planes
    case .pad: return padded(image)
    }
  }

  private func padded(_ image: DecodedImage) -> [UInt8] {
    let scale = min(Double(size.width) / Double(image.width), Double(size.height) / Double(image.height))
    func scaled(_ side: Int, _ limit: Int) -> Int {
      min(max(Int((Double(side) * scale).rounded()), 1), limit)
    }
    let small = image.resized(
      width: scaled(image.width, size.width), height: scaled(image.height, size.height))
    let (top, left) = ((size.height - small.height) / 2, (size.width - small.width) / 2)
    let planes = small.planes
    var bytes = [UInt8](repeating: 0, count: size.channels * size.area)
    for row in 0..<size.channels * small.height {
      let (channel, y) = row.quotientAndRemainder(dividingBy: small.height)
      let target = channel * size.area + (top + y) * size.width + left
      bytes.replaceSubrange(
        target..<target + small.width, with: planes[row * small.width..<(row + 1) * small.width])
    }
    return bytes
  }
}

extension Dataset {
  /// How pictures on disk become its samples; nil where its samples are in memory.
  public var imageFit: ImageFit? { if case .images(let files) = features { files.fit } else { nil } }
}
