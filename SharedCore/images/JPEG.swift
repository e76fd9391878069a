import CTurboJPEG
import Utils

/// JPEG (ITU-T T.81) by libjpeg-turbo: 8 bits a channel, grey or with three channels, baseline or progressive.
///
/// The accurate transform and smooth chroma are used, as by Pillow. A file that the library warns of, one that is cut off
/// for example, is damaged. The orientation that a camera noted is not applied.
enum JPEG {
  static let magic: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// The picture in `bytes`; each call has a decoder of its own, so any thread may call it.
  static func decode(_ bytes: [UInt8], as form: DecodedImage.Form, _ complaint: ImageComplaint) throws
    -> DecodedImage
  {
    let header = try Header(bytes, complaint)
    guard let decoder = tjInitDecompress() else {
      throw complaint.error("cannot be read: no memory is left")
    }
    defer { tjDestroy(decoder) }
    func damage() -> LabError { complaint.error("is a damaged JPEG file (\(lastWords(of: decoder)))") }
    var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    _ = tjDecompressHeader3(
      decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours)
    // It also fails for a subsampling it has no name for, and says the sizes all the same.
    guard Int(width) == header.width, Int(height) == header.height else { throw damage() }
    let isGrey = form == .grey || (form == .asStored && header.channels == 1)
    let (format, channels) = isGrey ? (TJPF_GRAY, 1) : (TJPF_RGB, 3)
    let size = header.width * header.height * channels
    let pixels = try [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
      let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
      let status = tjDecompress2(
        decoder, bytes, UInt(bytes.count), pixels.baseAddress, width, width * Int32(channels), height,
        Int32(format.rawValue), Int32(flags))
      guard status == 0 else { throw damage() }
      filled = size
    }
    return DecodedImage(width: header.width, height: header.height, channels: channels, pixels: pixels)
  }

  /// What the library complained of last: "Premature end of JPEG file".
  static func lastWords(of handle: tjhandle) -> String {
    let words = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason is known"
    return words.split(separator: "(): ", maxSplits: 1).last.map(String.init) ?? words
  }
}
