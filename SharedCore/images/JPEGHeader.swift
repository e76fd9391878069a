import Utils

extension JPEG {
  /// The numbers of the frame header, which the segments up to the first scan hold.
  struct Header {
    let width, height: Int
    /// 1 for grey, 3 for colours.
    let channels: Int

    /// The largest picture that is read where all coefficients lie in memory before the first pixel is made.
    ///
    /// They take up to six bytes a pixel, and as many again would no longer be modest.
    static let largestBufferedArea = 8_000_000

    init(_ bytes: [UInt8], _ complaint: ImageComplaint) throws {
      var segments = Segments(bytes, complaint)
      var frame: (marker: UInt8, body: ArraySlice<UInt8>)?
      while true {
        let (marker, body) = try segments.next()
        let isFrame = 0xC0...0xCF ~= marker && ![0xC4, 0xC8, 0xCC].contains(marker)
        if isFrame, frame == nil { frame = (marker, body) }
        guard marker == 0xDA else { continue }  // the first scan
        guard let frame, let scanned = body.first, frame.body.count >= 6 else {
          throw complaint.error("is a damaged JPEG file: its pixels come before their sizes")
        }
        let numbers = frame.body.prefix(6).map(Int.init)
        height = numbers[1] << 8 | numbers[2]
        width = numbers[3] << 8 | numbers[4]
        channels = numbers[5]
        try Self.check(precision: numbers[0], channels: channels, complaint)
        // No code is shorter than a bit, and a block of 64 pixels has at least one.
        try complaint.check(width: width, height: height, fileSize: bytes.count, pixelsPerByte: 512)
        let isBuffered = frame.marker & 3 == 2 || Int(scanned) < channels
        guard !isBuffered || width * height <= Self.largestBufferedArea else {
          throw complaint.error(
            "is a progressive JPEG file of \(height) x \(width) pixels, and at most "
              + "\(Self.largestBufferedArea / 1_000_000) million are read",
            remedy: "save it as baseline JPEG, or make it smaller")
        }
        return
      }
    }

    private static func check(precision: Int, channels: Int, _ complaint: ImageComplaint) throws {
      guard precision == 8 else {
        throw complaint.error(
          "has \(precision) bits a channel, and 8 are read", remedy: "save the picture with 8 bits a channel")
      }
      guard channels != 4 else {
        throw complaint.error(
          "has the four colours of a printer (CMYK)", remedy: "save the picture in grey or as RGB")
      }
      guard channels == 1 || channels == 3 else {
        throw complaint.error(
          "has \(channels) colour channels, and 1 or 3 are read",
          remedy: "save the picture in grey or as RGB")
      }
    }
  }

  /// The segments of a JPEG file before its first scan: a marker, a length, a body.
  private struct Segments {
    private let bytes: [UInt8]
    private let complaint: ImageComplaint
    private var place = 2

    init(_ bytes: [UInt8], _ complaint: ImageComplaint) {
      (self.bytes, self.complaint) = (bytes, complaint)
    }

    mutating func next() throws -> (marker: UInt8, body: ArraySlice<UInt8>) {
      while place + 1 < bytes.count, bytes[place] == 0xFF, bytes[place + 1] == 0xFF { place += 1 }
      guard place + 4 <= bytes.count else { throw complaint.error("is cut off inside its header") }
      let marker = bytes[place + 1]
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard bytes[place] == 0xFF, marker != 0, !(0xD0...0xD9 ~= marker), length >= 2 else {
        throw complaint.error("is a damaged JPEG file: its header is no row of segments")
      }
      guard place + 2 + length <= bytes.count else { throw complaint.error("is cut off inside its header") }
      defer { place += 2 + length }
      return (marker, bytes[place + 4..<place + 2 + length])
    }
  }
}
