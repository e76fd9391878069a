import CSpng
import CTurboJPEG
import Foundation
import Utils

extension DecodedImage {
  /// The picture in the PNG or JPEG file `url`; throws a `LabError` that names it.
  public init(contentsOf url: URL, as form: Form = .asStored, remedy: String = "copy the file again") throws {
    try self.init(decoding: InputFile.read(url, remedy: remedy), as: form, file: url.relativePath)
  }

  /// The picture that the PNG or JPEG file `bytes` holds, see `ImageHeader` for the limits.
  ///
  /// PNG is exact. JPEG may differ by 2 from what another version of the library gives, whose rounding is another.
  /// Throws a `LabError` that says what is wrong with `file`: cut off, damaged, CMYK, 16 bits a channel, too large.
  ///
  /// - Parameters:
  ///   - bytes: a whole file.
  ///   - form: what the bytes of a pixel shall mean.
  ///   - file: what an error calls it.
  public init(decoding bytes: [UInt8], as form: Form = .asStored, file: String = "the picture") throws {
    let complaint = ImageComplaint(file: file)
    switch try ImageHeader(of: bytes, file: file).format {
    case .png: self = try PNG.decode(bytes, as: form, complaint)
    case .jpeg: self = try JPEG.decode(bytes, as: form, complaint)
    }
  }

  /// A PNG file of this picture: 8 bits a channel, not interlaced; what is decoded from it is equal.
  public func encodedPNG() -> [UInt8] {
    guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else { trap("no memory is left") }
    defer { spng_ctx_free(context) }
    func check(_ status: Int32) {
      require(status == 0, "PNG of \(width) x \(height): \(String(cString: spng_strerror(status)))")
    }
    check(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1))
    var header = spng_ihdr()
    (header.width, header.height) = (UInt32(width), UInt32(height))
    let kind =
      channels == 1
      ? SPNG_COLOR_TYPE_GRAYSCALE
      : channels == 3 ? SPNG_COLOR_TYPE_TRUECOLOR : SPNG_COLOR_TYPE_TRUECOLOR_ALPHA
    (header.bit_depth, header.color_type) = (8, UInt8(kind.rawValue))
    check(spng_set_ihdr(context, &header))
    check(
      spng_encode_image(
        context, pixels, pixels.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue)))
    var (size, status) = (0, Int32(0))
    let file = spng_get_png_buffer(context, &size, &status)
    check(status)
    defer { free(file) }
    return Array(UnsafeRawBufferPointer(start: file, count: size))
  }

  /// A baseline JPEG file of this picture, grey or with colours at half their resolution; traps where it has opacity.
  ///
  /// - Parameter quality: from 1, small, to 100, fine.
  public func encodedJPEG(quality: Int = 90) -> [UInt8] {
    require(channels != 4, "JPEG has no opacity")
    require(1...100 ~= quality, "the quality of JPEG is from 1 to 100, not \(quality)")
    require(max(width, height) <= 65_500, "JPEG has at most 65500 rows and columns, not \(width) x \(height)")
    guard let encoder = tjInitCompress() else { trap("no memory is left") }
    defer { tjDestroy(encoder) }
    var (file, size): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
    defer { tjFree(file) }
    let (format, sampling) = channels == 1 ? (TJPF_GRAY, TJSAMP_GRAY) : (TJPF_RGB, TJSAMP_420)
    let status = tjCompress2(
      encoder, pixels, Int32(width), Int32(width * channels), Int32(height), Int32(format.rawValue), &file,
      &size, Int32(sampling.rawValue), Int32(quality), Int32(TJFLAG_ACCURATEDCT))
    require(status == 0, "JPEG of \(width) x \(height): \(JPEG.lastWords(of: encoder))")
    return Array(UnsafeBufferPointer(start: file, count: Int(size)))
  }
}
