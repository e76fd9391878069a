import DataUtils
import Foundation
import Utils

/// The annotation of one image in Supervisely's JSON: its size, and an object for each defect.
struct SuperviselyAnnotation {
  /// One defect.
  struct Object {
    /// What it is called: "defect_3".
    let title: String
    /// Its pixels, or why they cannot be had.
    let bitmap: Result<MaskBitmap, Fault>
  }

  /// The size of the image, in pixels.
  let height, width: Int
  /// Its defects, in the order of the file.
  let objects: [Object]

  /// Reads the file `bytes`.
  init(_ bytes: [UInt8]) throws(Fault) {
    let json: JSONValue
    do { json = try JSONValue(parsing: bytes) } catch { throw Fault("\(error)") }
    guard let height = json["size"]?["height"]?.int, let width = json["size"]?["width"]?.int, height > 0,
      width > 0
    else {
      throw Fault("it has no size with a height and a width")
    }
    guard let objects = json["objects"]?.array else { throw Fault("it has no list of objects") }
    (self.height, self.width) = (height, width)
    var read: [Object] = []
    for object in objects {
      guard let title = object["classTitle"]?.string else { throw Fault("an object has no classTitle") }
      let bitmap = Result { () throws(Fault) in
        guard object["geometryType"]?.string == "bitmap" else {
          throw Fault("an object is \(object["geometryType"]?.string?.quoted ?? "of no kind"), not a bitmap")
        }
        return try MaskBitmap(json: object["bitmap"])
      }
      read.append(Object(title: title, bitmap: bitmap))
    }
    self.objects = read
  }

  /// The JSON of an image with `objects`: a name and a mask with at least one pixel each.
  static func json(height: Int, width: Int, objects: [(title: String, mask: RegionMask)]) -> JSONValue {
    [
      "description": "", "tags": [],
      "size": ["height": .integer(Int64(height)), "width": .integer(Int64(width))],
      "objects": .array(
        objects.enumerated().map { number, object in
          [
            "id": .integer(Int64(number + 1)), "description": "", "tags": [], "geometryType": "bitmap",
            "classTitle": .string(object.title), "bitmap": MaskBitmap(object.mask).json,
          ]
        }),
    ]
  }
}
