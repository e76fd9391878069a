import Foundation
import GRDB
import Images
import Utils

/// All that one video gives to a data set, read, decoded and found to be sound, ready to be written.
struct VideoContent: Sendable {
  private struct Frame: Sendable {
    let index: Int
    let database: String
    let image: [UInt8]
    let header: ImageHeader
  }

  private let hash: String
  private let main: VideoSurvey
  private let frames: [Frame]
  private let visualizations: [(variant: OCRVariant, image: [UInt8], source: String)]
  private let embedding: [UInt8]?
  private let encoderVersion: String

  /// Reads the frames of `video`; throws a `LabError` for one that is missing or no picture.
  init(_ video: DatasetPlan.Video, encoder: any FontEncoder) throws {
    main = video.main
    hash = main.facts.hash
    encoderVersion = encoder.version
    let databases = try video.surveys.map { try AnnotationDatabase($0.url) }
    frames = try video.frames.map { survey, index in
      let database = databases[survey]
      let frame = try database.frame(index)
      // Decoded only to see that it can be.
      _ = try database.picture(of: frame)
      let name = "frame \(index) of \(database.url.relativePath)"
      return Frame(
        index: index, database: database.url.standardizedFileURL.path, image: frame.image,
        header: try ImageHeader(of: frame.image, file: name))
    }
    visualizations = try Self.visualizations(databases[0], main)
    embedding = try main.reference.map { choice in
      let numbers = try encoder.embedding(of: databases[0].picture(choice.frameIndex))
      require(numbers.count == FontEmbedding.dimension, "\(encoder.version) gives \(numbers.count) numbers")
      return FontEmbedding.bytes(numbers)
    }
  }

  /// The variants as PNG files; that of boundaries is what the analysis left, where it did.
  private static func visualizations(
    _ database: AnnotationDatabase, _ survey: VideoSurvey
  ) throws -> [(variant: OCRVariant, image: [UInt8], source: String)] {
    let path = database.url.standardizedFileURL.path
    let drawing = survey.layout.map { OCRVisualization(survey.boxes, layout: $0) }
    let stored = try database.storedVisualization()
    return try OCRVariant.allCases.compactMap { variant in
      if variant == .boundaries, let stored {
        _ = try CaptionFit.decoded(stored, file: "the OCR visualisation of \(database.url.relativePath)")
        return (variant, stored, "\(path)#video_layout_config.ocr_visualization_image")
      }
      guard let drawing, !drawing.isEmpty else { return nil }
      return (variant, drawing.picture(variant).encodedPNG(), "\(path)#full_frame_ocr")
    }
  }

  /// Writes everything to `database`, in the transaction that is open.
  func write(to database: Database, storage: FrameStorage) throws {
    let facts = main.facts
    try database.execute(
      sql: """
        INSERT INTO video_registry
          (video_hash, video_path, file_size_bytes, duration_seconds, width, height) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [hash, facts.path, facts.fileSize, facts.seconds, facts.width, facts.height])
    for frame in frames { try write(frame, to: database, storage) }
    for (variant, image, source) in visualizations {
      try database.execute(
        sql: "INSERT INTO training_ocr_visualizations (video_hash, variant, image_data) VALUES (?, ?, ?)",
        arguments: [hash, variant.rawValue, Data(image)])
      try database.execute(
        sql: """
          INSERT INTO ocr_visualizations (video_hash, variant, visualization_path, ocr_version, layout_version)
          VALUES (?, ?, ?, 'full_frame_ocr', ?)
          """,
        arguments: [hash, variant.rawValue, source, main.layout?.analysisVersion])
    }
    if let embedding, let choice = main.reference {
      try database.execute(
        sql: """
          INSERT INTO font_embeddings
            (video_hash, embedding, embedding_dim, reference_frame_index, num_ocr_boxes, mean_ocr_confidence,
             fontclip_model_version)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          hash, Data(embedding), FontEmbedding.dimension, choice.frameIndex, choice.boxCount,
          choice.meanConfidence, encoderVersion,
        ])
    }
  }

  private func write(_ frame: Frame, to database: Database, _ storage: FrameStorage) throws {
    let (width, height, size) = (frame.header.width, frame.header.height, frame.image.count)
    switch storage {
    case .copied:
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO training_frames (video_hash, frame_index, image_data, width, height, file_size)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      try statement.execute(arguments: [hash, frame.index, Data(frame.image), width, height, size])
    case .byReference:
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO frame_references
            (video_hash, frame_index, database_path, sha256, width, height, file_size)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
      try statement.execute(arguments: [
        hash, frame.index, frame.database, SHA256.hex(of: frame.image), width, height, size,
      ])
    }
  }
}
