import GRDB
import Utils

/// The row of a data set that says what it is made of.
struct DatasetFacts {
  private let plan: DatasetPlan
  private let request: DatasetRequest

  init(_ plan: DatasetPlan, _ request: DatasetRequest) { (self.plan, self.request) = (plan, request) }

  func insert(into database: Database) throws {
    let counts = plan.labelCounts
    let boxes = plan.videos.flatMap(\.main.boxes)
    let sureness = boxes.isEmpty ? nil : boxes.reduce(0) { $0 + $1.confidence } / Double(boxes.count)
    let versions = Set(plan.videos.compactMap { $0.main.layout?.analysisVersion }).sorted()
    try database.execute(
      sql: """
        INSERT INTO training_datasets
          (name, description, num_samples, num_videos, label_distribution, split_strategy, train_split_ratio,
           random_seed, video_hashes, video_metadata, layout_analysis_version, crop_bounds_versions,
           avg_ocr_confidence, min_samples_per_class)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        request.name, request.description, plan.samples.count, plan.videos.count,
        object(counts.map { ($0.label.rawValue, .integer(Int64($0.count))) }), request.split.rawValue,
        request.trainRatio, Int64(request.seed),
        JSONValue.array(plan.videos.map { .string($0.main.facts.hash) }).text(),
        object(plan.videos.map { ($0.main.facts.hash, metadata($0.main)) }),
        versions.isEmpty ? nil : versions.joined(separator: ", "),
        object(plan.videos.map { ($0.main.facts.hash, .integer(Int64($0.cropBoundsVersion))) }), sureness,
        counts.map(\.count).min(),
      ])
  }

  private func object(_ members: [(String, JSONValue)]) -> String {
    JSONValue.object(Dictionary(members) { first, _ in first }).text()
  }

  private func metadata(_ video: VideoSurvey) -> JSONValue {
    let facts = video.facts
    return [
      "video_path": .string(facts.path), "annotations": .string(video.url.standardizedFileURL.path),
      "file_size_bytes": .integer(Int64(facts.fileSize)),
      "duration_seconds": facts.seconds.map { .number($0) } ?? .null,
      "width": facts.width.map { .integer(Int64($0)) } ?? .null,
      "height": facts.height.map { .integer(Int64($0)) } ?? .null, "layout": video.layout?.json ?? .null,
    ]
  }
}

extension VideoLayout {
  /// The layout as a data set keeps it.
  var json: JSONValue {
    [
      "frame_width": .integer(Int64(frameWidth)), "frame_height": .integer(Int64(frameHeight)),
      "crop_left": .integer(Int64(crop.left)), "crop_top": .integer(Int64(crop.top)),
      "crop_right": .integer(Int64(crop.right)), "crop_bottom": .integer(Int64(crop.bottom)),
      "anchor_type": .string(anchor.rawValue), "crop_bounds_version": .integer(Int64(cropBoundsVersion)),
      "analysis_model_version": analysisVersion.map { .string($0) } ?? .null,
    ]
  }

  /// The layout that a data set kept, or nil where there is none.
  init?(_ json: JSONValue?) {
    guard let json, let width = json["frame_width"]?.int, let height = json["frame_height"]?.int,
      let left = json["crop_left"]?.int, let top = json["crop_top"]?.int, let right = json["crop_right"]?.int,
      let bottom = json["crop_bottom"]?.int
    else { return nil }
    self.init(
      frameWidth: width, frameHeight: height,
      crop: CropBounds(left: left, top: top, right: right, bottom: bottom),
      anchor: json["anchor_type"]?.string.flatMap(CaptionAnchor.init(rawValue:)) ?? .center,
      cropBoundsVersion: json["crop_bounds_version"]?.int ?? 1,
      analysisVersion: json["analysis_model_version"]?.string)
  }
}
