import Utils

/// What a PNG or JPEG file says of itself in its first bytes, checked before anything is decoded.
public struct ImageHeader: Equatable, Sendable {
  /// How the pixels are packed.
  public enum Format: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
  }

  /// The largest picture that is read, in pixels: 100 million, which are 400 MB with four bytes each.
  public static let largestArea = 100_000_000

  /// How the pixels are packed.
  public let format: Format
  /// Columns and rows, each at least 1.
  public let width, height: Int

  /// Reads the header of `bytes`, the content of `file`.
  ///
  /// Throws a `LabError` for what is neither PNG nor JPEG, for sizes of 0 or above `largestArea`, for more pixels than
  /// so few bytes can hold, and for what no decoder here takes: 16 bits a channel, CMYK, large progressive JPEG.
  public init(of bytes: [UInt8], file: String) throws {
    let complaint = ImageComplaint(file: file)
    guard !bytes.isEmpty else { throw complaint.error("is empty") }
    if bytes.starts(with: PNG.magic) {
      let header = try PNG.Header(bytes, complaint)
      self.init(.png, header.width, header.height)
    } else if bytes.starts(with: JPEG.magic) {
      let header = try JPEG.Header(bytes, complaint)
      self.init(.jpeg, header.width, header.height)
    } else {
      throw complaint.error("is neither PNG nor JPEG (it begins with other bytes)")
    }
  }

  private init(_ format: Format, _ width: Int, _ height: Int) {
    (self.format, self.width, self.height) = (format, width, height)
  }
}

/// What is wrong with a picture, as a sentence about its file.
struct ImageComplaint {
  let file: String

  func error(_ what: String, remedy: String = "save or copy the picture again") -> LabError {
    LabError(.data, "\(file) \(what)", remedy: remedy)
  }

  /// Throws unless a picture of `width` x `height` can be in a file of `fileSize` bytes, each for at most
  /// `pixelsPerByte` pixels.
  func check(width: Int, height: Int, fileSize: Int, pixelsPerByte: Double) throws {
    guard width > 0, height > 0 else { throw error("has \(height) x \(width) pixels (height x width)") }
    guard max(width, height) <= ImageHeader.largestArea, width * height <= ImageHeader.largestArea else {
      throw error(
        "has \(height) x \(width) pixels (height x width), and at most \(ImageHeader.largestArea / 1_000_000) million are read",
        remedy: "make the picture smaller, or cut it into pieces")
    }
    guard Double(width * height) <= pixelsPerByte * Double(fileSize) else {
      throw error("is too short for the \(height) x \(width) pixels that its header promises")
    }
  }
}
