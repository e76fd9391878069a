import DataUtils
import Foundation
import Images
import Utils

/// The mask of one object as Supervisely keeps it: base64 of a zlib stream of a PNG picture, and where its upper left
/// corner lies. A pixel belongs to the object where it has opacity or, in a picture without any, is not black.
struct MaskBitmap: Equatable {
  /// Base64 text.
  let data: String
  /// Column and row of the upper left corner.
  let x, y: Int

  /// The bitmap that `json` describes: `{"data": "...", "origin": [x, y]}`.
  init(json: JSONValue?) throws(Fault) {
    guard let json else { throw Fault("an object has no bitmap") }
    guard let data = json["data"]?.string else { throw Fault("a bitmap has no data") }
    guard let origin = json["origin"]?.array, origin.count == 2, let x = origin[0].int, let y = origin[1].int
    else {
      throw Fault("a bitmap has no origin [x, y]")
    }
    (self.data, self.x, self.y) = (data, x, y)
  }

  /// The smallest bitmap of a mask, which has at least one pixel.
  init(_ mask: RegionMask) {
    let rows = mask.runs.map { Int($0.row) }
    let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
    let left = mask.runs.map { Int($0.column) }.min() ?? 0
    let right = mask.runs.map { Int($0.column + $0.length) }.max() ?? 1
    let width = right - left
    var pixels = [UInt8](repeating: 0, count: (bottom - top + 1) * width)
    for run in mask.runs {
      let start = (Int(run.row) - top) * width + Int(run.column) - left
      for place in start..<start + Int(run.length) { pixels[place] = 255 }
    }
    let picture = DecodedImage(width: width, height: bottom - top + 1, channels: 1, pixels: pixels)
    data = Data(ZlibBytes.packed(picture.encodedPNG())).base64EncodedString()
    (x, y) = (left, top)
  }

  /// As Supervisely writes it.
  var json: JSONValue {
    ["data": .string(data), "origin": [.integer(Int64(x)), .integer(Int64(y))]]
  }

  /// Sets the object's pixels in `map`, [H * W], to `value`.
  func paste(into map: inout [UInt8], height: Int, width: Int, value: UInt8) throws(Fault) {
    guard let packed = Data(base64Encoded: data) else { throw Fault("the base64 text of a mask is damaged") }
    // No mask that fits its image needs more: four bytes a pixel, a filter byte a row, and the chunks around.
    let limit = 5 * height * width + (1 << 16)
    let file = try ZlibBytes.unpacked(Array(packed), limit: limit)
    let picture: DecodedImage
    do {
      let header = try ImageHeader(of: file, file: "the mask")
      guard header.width <= width, header.height <= height, 0...width - header.width ~= x,
        0...height - header.height ~= y
      else {
        throw Fault(
          "a mask of \(header.height) x \(header.width) at (\(x), \(y)) leaves its image of \(height) x \(width)"
        )
      }
      picture = try DecodedImage(decoding: file, file: "the mask")
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault((error as? LabError)?.cause ?? "the mask cannot be decoded")
    }
    let channels = picture.channels
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let start = (row * picture.width + column) * channels
        let isSet =
          channels == 4
          ? picture.pixels[start + 3] > 0 : picture.pixels[start..<start + channels].contains { $0 > 0 }
        if isSet { map[(y + row) * width + x + column] = value }
      }
    }
  }
}
