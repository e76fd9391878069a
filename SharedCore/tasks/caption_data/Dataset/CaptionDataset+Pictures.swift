import Foundation
import GRDB
import Images
import Utils

/// What a network is given of one pair.
public struct CaptionPair: Sendable {
  /// [3, H, W] bytes of the OCR visualisation and of the two frames: red, green, blue.
  public let visualization, first, second: [UInt8]
  /// Where the captions lie: six numbers.
  public let spatial: [Float]
  /// The font: 512 numbers.
  public let font: [Float]
  /// What happens between the frames.
  public let label: CaptionLabel
}

/// A visualisation in the size of a network's input.
struct FittedKey: Hashable {
  let hash: String
  let variant: OCRVariant
  let strategy: FitStrategy
  let width, height: Int
}

extension CaptionDataset {
  /// What a network is given of pair `index`; throws a `LabError` for a picture that is missing or damaged.
  ///
  /// - Parameters:
  ///   - index: its place in `samples`.
  ///   - fit: how pictures are brought to one size.
  ///   - variant: which OCR visualisation.
  ///   - fontVersion: which font embedding; the first of the set by default.
  public func pair(
    _ index: Int, fit: CaptionFit = CaptionFit(), variant: OCRVariant = .boundaries,
    fontVersion: String? = nil
  ) throws -> CaptionPair {
    let sample = samples[index]
    let video = videos[sample.videoHash]
    let anchor = video?.anchor ?? .center
    return CaptionPair(
      visualization: try fittedVisualization(sample.videoHash, variant, fit).planes,
      first: fit(try frame(sample.videoHash, sample.first), anchor: anchor).planes,
      second: fit(try frame(sample.videoHash, sample.second), anchor: anchor).planes,
      spatial: SpatialFeatures.values(video?.layout),
      font: fontEmbedding(sample.videoHash, version: fontVersion), label: sample.label)
  }

  /// Frame `index` of a video, red, green and blue; throws a `LabError` where it is missing, damaged or, kept by reference, no
  /// longer what it was.
  public func frame(_ hash: String, _ index: Int) throws -> DecodedImage {
    try CaptionFit.decoded(frameBytes(hash, index), file: frameName(hash, index))
  }

  /// The OCR visualisation of a video, red, green and blue; throws a `LabError` where there is none of this variant.
  public func visualization(_ hash: String, _ variant: OCRVariant) throws -> DecodedImage {
    let bytes = try blob(
      "SELECT image_data FROM training_ocr_visualizations WHERE video_hash = ? AND variant = ?",
      [hash, variant.rawValue])
    guard let bytes else {
      throw LabError(
        .data, "\(url.relativePath) has no OCR visualisation \(variant.rawValue) of video \(hash.prefix(12))",
        remedy: "choose another variant, or make the data set again")
    }
    return try CaptionFit.decoded(
      bytes, file: "the OCR visualisation of video \(hash.prefix(12)) in \(url.relativePath)")
  }

  private func fittedVisualization(_ hash: String, _ variant: OCRVariant, _ fit: CaptionFit) throws
    -> DecodedImage
  {
    let key = FittedKey(
      hash: hash, variant: variant, strategy: fit.strategy, width: fit.width, height: fit.height)
    if let known = fitted.withLock({ $0[key] }) { return known }
    let picture = fit(try visualization(hash, variant), anchor: videos[hash]?.anchor ?? .center)
    fitted.withLock { $0[key] = picture }
    return picture
  }

  private func frameName(_ hash: String, _ index: Int) -> String {
    "frame \(index) of video \(hash.prefix(12)) in \(url.relativePath)"
  }

  /// The file of frame `index`, undecoded.
  func frameBytes(_ hash: String, _ index: Int) throws -> [UInt8] {
    let own = try blob(
      "SELECT image_data FROM training_frames WHERE video_hash = ? AND frame_index = ?", [hash, index])
    if let own { return own }
    guard hasReferences, let row = try reference(hash, index), let path: String = row.value("database_path"),
      let sum: String = row.value("sha256")
    else {
      throw LabError(.data, "\(frameName(hash, index)) is missing", remedy: "make the data set again")
    }
    let frame = try annotationDatabase(path).frame(index)
    guard SHA256.hex(of: frame.image) == sum else {
      throw LabError(
        .data, "frame \(index) of \(path) is not what it was when \(url.relativePath) was made",
        remedy: "make the data set again")
    }
    return frame.image
  }

  private func reference(_ hash: String, _ index: Int) throws -> Row? {
    try SQLiteFile.translated(url) {
      try queue.read { database in
        let sql = """
          SELECT database_path, sha256 FROM frame_references WHERE video_hash = ? AND frame_index = ?
          """
        return try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [hash, index])
      }
    }
  }

  private func annotationDatabase(_ path: String) throws -> AnnotationDatabase {
    try annotations.withLock { known in
      if let database = known[path] { return database }
      guard FileManager.default.fileExists(atPath: path) else {
        throw LabError(
          .data, "\(path), whose frames \(url.relativePath) refers to, does not exist",
          remedy: "put it back, or make the data set again with copied frames")
      }
      let database = try AnnotationDatabase(URL(filePath: path))
      known[path] = database
      return database
    }
  }

  private func blob(_ sql: String, _ arguments: StatementArguments) throws -> [UInt8]? {
    try SQLiteFile.translated(url) {
      try queue.read { database in
        try Data.fetchOne(database.cachedStatement(sql: sql), arguments: arguments).map { [UInt8]($0) }
      }
    }
  }
}
