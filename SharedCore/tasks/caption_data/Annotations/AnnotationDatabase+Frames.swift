import Foundation
import GRDB
import Images
import Utils

extension AnnotationDatabase {
  /// The largest picture that is read, in bytes.
  static let largestBlob = 64 << 20

  /// The numbers of all frames of which there is a picture, in order.
  public func frameIndices() throws -> [Int] {
    try read { try Int.fetchAll($0, sql: "SELECT frame_index FROM cropped_frames ORDER BY frame_index") }
  }

  /// The picture of frame `index`, undecoded; throws a `LabError` where there is none.
  public func frame(_ index: Int) throws -> CroppedFrame {
    let version = has("cropped_frames", "crop_bounds_version") ? "crop_bounds_version" : "1"
    let row = try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT length(image_data) AS size, \(version) AS version,
            CASE WHEN length(image_data) <= \(Self.largestBlob) THEN image_data END AS image
          FROM cropped_frames WHERE frame_index = ?
          """, arguments: [index])
    }
    guard let row else {
      throw fault(
        "has no picture of frame \(index), which a caption needs",
        remedy: "cut the frames of this video again")
    }
    let size = row.value("size") ?? 0
    guard size <= Self.largestBlob else {
      throw fault(
        "has a picture of frame \(index) with \(grouped(size)) bytes", remedy: "cut the frame again")
    }
    let bytes = row.value("image", as: Data.self).map { [UInt8]($0) } ?? []
    return CroppedFrame(index: index, image: bytes, cropBoundsVersion: row.value("version") ?? 1)
  }

  /// The picture of frame `index` as red, green and blue; throws a `LabError` that names file and frame where the blob is not
  /// one.
  public func picture(_ index: Int) throws -> DecodedImage { try picture(of: frame(index)) }

  /// The picture in `frame` as red, green and blue.
  func picture(of frame: CroppedFrame) throws -> DecodedImage {
    try CaptionFit.decoded(frame.image, file: "frame \(frame.index) of \(url.relativePath)")
  }
}
