/// The eight tables of a data set of pairs, and a ninth where frames are kept by reference.
enum DatasetSchema {
  private static let labels = list(CaptionLabel.allCases.map(\.rawValue))
  private static let variants = list(OCRVariant.allCases.map(\.rawValue))

  private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

  static let sql = """
    CREATE TABLE video_registry (
      video_hash VARCHAR(64) NOT NULL PRIMARY KEY,   -- SHA-256
      video_path TEXT NOT NULL,
      file_size_bytes INTEGER NOT NULL,
      duration_seconds REAL,
      width INTEGER,
      height INTEGER,
      first_seen_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      last_seen_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    CREATE TABLE training_datasets (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name VARCHAR(255) NOT NULL UNIQUE,
      description TEXT,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      num_samples INTEGER NOT NULL,
      num_videos INTEGER NOT NULL,
      label_distribution JSON NOT NULL,              -- {"same": 12}
      split_strategy VARCHAR(50) NOT NULL DEFAULT 'random'
        CHECK (split_strategy IN ('random', 'show_based')),
      train_split_ratio REAL NOT NULL DEFAULT 0.8 CHECK (train_split_ratio > 0 AND train_split_ratio < 1),
      random_seed INTEGER,
      video_hashes JSON NOT NULL,
      video_metadata JSON NOT NULL,                  -- {hash: {"video_path", "layout", ...}}
      full_frames_version VARCHAR(50),
      crop_frames_version VARCHAR(50),
      layout_analysis_version VARCHAR(50),
      ocr_engine_version VARCHAR(100),
      crop_bounds_versions JSON NOT NULL,            -- {hash: version}
      avg_ocr_confidence REAL,
      min_samples_per_class INTEGER
    );

    CREATE TABLE training_samples (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      dataset_id INTEGER NOT NULL REFERENCES training_datasets (id),
      video_hash VARCHAR(64) NOT NULL,
      frame1_index INTEGER NOT NULL,
      frame2_index INTEGER NOT NULL,
      label VARCHAR(50) NOT NULL CHECK (label IN (\(labels))),
      split VARCHAR(10) NOT NULL CHECK (split IN ('train', 'val', 'test')),
      source_caption_annotation_id INTEGER,
      crop_bounds_version INTEGER NOT NULL,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (dataset_id, video_hash, frame1_index, frame2_index)
    );
    CREATE INDEX idx_training_samples_dataset ON training_samples (dataset_id, split);
    CREATE INDEX idx_training_samples_video ON training_samples (video_hash);
    CREATE INDEX idx_training_samples_label ON training_samples (label);

    CREATE TABLE font_embeddings (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      video_hash VARCHAR(64) NOT NULL REFERENCES video_registry (video_hash),
      embedding BLOB NOT NULL,                       -- 32-bit floating point, little-endian
      embedding_dim INTEGER NOT NULL DEFAULT 512 CHECK (embedding_dim = 512),
      reference_frame_index INTEGER NOT NULL,
      num_ocr_boxes INTEGER NOT NULL,
      mean_ocr_confidence REAL NOT NULL,
      fontclip_model_version VARCHAR(100) NOT NULL,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (video_hash, fontclip_model_version)
    );

    CREATE TABLE ocr_visualizations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      video_hash VARCHAR(64) NOT NULL REFERENCES video_registry (video_hash),
      variant VARCHAR(50) NOT NULL CHECK (variant IN (\(variants))),
      visualization_path TEXT NOT NULL,              -- database#what it was made from
      ocr_version VARCHAR(100) NOT NULL,
      layout_version VARCHAR(50),
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (video_hash, variant, ocr_version)
    );

    CREATE TABLE training_frames (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      video_hash VARCHAR(64) NOT NULL,
      frame_index INTEGER NOT NULL,
      image_data BLOB NOT NULL,                      -- JPEG or PNG, as in the video's annotations
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      file_size INTEGER NOT NULL,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (video_hash, frame_index)
    );

    CREATE TABLE training_ocr_visualizations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      video_hash VARCHAR(64) NOT NULL,
      variant VARCHAR(50) NOT NULL CHECK (variant IN (\(variants))),
      image_data BLOB NOT NULL,                      -- PNG
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (video_hash, variant)
    );

    CREATE TABLE experiments (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name VARCHAR(255) NOT NULL,
      dataset_id INTEGER NOT NULL REFERENCES training_datasets (id),
      wandb_run_id VARCHAR(255),
      wandb_project VARCHAR(255),
      architecture_name VARCHAR(100) NOT NULL CHECK (length(architecture_name) <= 100),
      model_config JSON NOT NULL,
      hyperparameters JSON NOT NULL,
      transform_strategy VARCHAR(50) NOT NULL
        CHECK (transform_strategy IN (\(list(FitStrategy.allCases.map(\.rawValue))))),
      ocr_visualization_variant VARCHAR(50) NOT NULL CHECK (ocr_visualization_variant IN (\(variants))),
      use_font_embedding INTEGER NOT NULL DEFAULT 1,
      fontclip_model_version VARCHAR(100),
      best_val_f1 REAL,
      best_val_accuracy REAL,
      best_checkpoint_path TEXT,
      final_checkpoint_path TEXT,
      started_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      completed_at DATETIME,
      git_commit VARCHAR(40),
      git_branch VARCHAR(255)
    );
    """

  /// Where the frames lie that are not copied, and what their bytes are.
  static let references = """
    CREATE TABLE frame_references (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      video_hash VARCHAR(64) NOT NULL REFERENCES video_registry (video_hash),
      frame_index INTEGER NOT NULL,
      database_path TEXT NOT NULL,                   -- the video's annotations
      sha256 VARCHAR(64) NOT NULL,                   -- of the frame's bytes
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      file_size INTEGER NOT NULL,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (video_hash, frame_index)
    );
    """

  /// What a data set that is being made is made from; it is gone when the set is complete.
  static let making = "CREATE TABLE making (recipe TEXT NOT NULL);"
}
