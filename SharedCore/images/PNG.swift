import CSpng
import Utils

/// PNG (ISO/IEC 15948) by libspng: 1 to 8 bits a channel, of every colour type, interlaced or not.
///
/// Of an animation the first picture is read. Colours are as stored: gamma and colour profiles are not applied.
enum PNG {
  static let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The largest chunk that is no pixels, a colour profile for example, and of all of them together, in bytes.
  private static let chunkLimit = 8 << 20

  /// The numbers of the chunk IHDR, which comes first.
  struct Header {
    let width, height: Int
    let isGrey: Bool

    init(_ bytes: [UInt8], _ complaint: ImageComplaint) throws {
      guard bytes.count >= 33 else { throw complaint.error("is cut off inside its header") }
      func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
      guard number(8) == 13, bytes[12..<16].elementsEqual("IHDR".utf8) else {
        throw complaint.error("is a damaged PNG file: it does not begin with a header")
      }
      (width, height) = (number(16), number(20))
      let (depth, kind) = (Int(bytes[24]), Int(bytes[25]))
      guard let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][kind] else {
        throw complaint.error("is a damaged PNG file: there is no colour type \(kind)")
      }
      guard depth != 16 else {
        throw complaint.error(
          "has 16 bits a channel, and 8 are read", remedy: "save the picture with 8 bits a channel")
      }
      guard [1, 2, 4, 8].contains(depth) else {
        throw complaint.error("is a damaged PNG file: no channel has \(depth) bits")
      }
      isGrey = kind == 0
      let highestRatio = 1032.0  // of deflate
      try complaint.check(
        width: width, height: height, fileSize: bytes.count,
        pixelsPerByte: highestRatio * 8 / Double(depth * channels))
    }
  }

  /// The picture in `bytes`; each call has a decoder of its own, so any thread may call it.
  static func decode(_ bytes: [UInt8], as form: DecodedImage.Form, _ complaint: ImageComplaint) throws
    -> DecodedImage
  {
    let header = try Header(bytes, complaint)
    guard let context = spng_ctx_new(0) else { throw complaint.error("cannot be read: no memory is left") }
    defer { spng_ctx_free(context) }
    func check(_ status: Int32) throws {
      guard status == 0 else {
        throw complaint.error("is a damaged PNG file (\(String(cString: spng_strerror(status))))")
      }
    }
    return try bytes.withUnsafeBytes { file in
      try check(spng_set_chunk_limits(context, chunkLimit, chunkLimit))
      try check(spng_set_png_buffer(context, file.baseAddress, file.count))
      var transparency = spng_trns()
      let isTransparent = spng_get_trns(context, &transparency) == 0
      let isOpaqueGrey = header.isGrey && (form == .grey || (form == .asStored && !isTransparent))
      let hasOpacity = form == .asStored && (isTransparent || bytes[25] >= 4)
      let format = isOpaqueGrey ? SPNG_FMT_G8 : hasOpacity ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8
      let channels = isOpaqueGrey ? 1 : hasOpacity ? 4 : 3
      let size = header.width * header.height * channels
      var decodedSize = 0
      try check(spng_decoded_image_size(context, Int32(format.rawValue), &decodedSize))
      guard decodedSize == size else { throw complaint.error("is a damaged PNG file: it has two headers") }
      let pixels = try [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
        let flags = hasOpacity ? Int32(SPNG_DECODE_TRNS.rawValue) : 0
        try check(
          spng_decode_image(context, pixels.baseAddress, size, Int32(format.rawValue), flags))
        filled = size
      }
      try check(spng_decode_chunks(context))
      let image = DecodedImage(
        width: header.width, height: header.height, channels: channels, pixels: pixels)
      return form == .grey && channels == 3 ? image.luma : image
    }
  }
}

extension DecodedImage {
  /// A coloured picture in grey: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded.
  fileprivate var luma: DecodedImage {
    let area = width * height
    let grey = [UInt8](unsafeUninitializedCapacity: area) { grey, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for place in 0..<area {
          let red = Int32(pixels[3 * place]) * 19_595  // 0.299 * 65,536
          let green = Int32(pixels[3 * place + 1]) * 38_470
          let blue = Int32(pixels[3 * place + 2]) * 7_471
          grey[place] = UInt8((red + green + blue + 0x8000) >> 16)
        }
      }
      filled = area
    }
    return DecodedImage(width: width, height: height, channels: 1, pixels: grey)
  }
}
