/// The tables of an annotation database, as its annotation program makes them; those that nothing here reads are left out.
enum AnnotationSchema {
  static let sql = """
    CREATE TABLE captions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      start_frame_index INTEGER NOT NULL,
      end_frame_index INTEGER NOT NULL,   -- inclusive
      boundary_state TEXT NOT NULL DEFAULT 'predicted'
        CHECK (boundary_state IN ('predicted', 'confirmed', 'gap', 'issue')),
      boundary_pending INTEGER NOT NULL DEFAULT 0 CHECK (boundary_pending IN (0, 1)),
      boundary_updated_at TEXT NOT NULL DEFAULT (datetime('now')),
      text TEXT,                          -- NULL: nobody has looked; empty: no caption
      text_pending INTEGER NOT NULL DEFAULT 0 CHECK (text_pending IN (0, 1)),
      text_status TEXT,
      text_notes TEXT,
      text_ocr_combined TEXT,
      text_updated_at TEXT,
      created_at TEXT NOT NULL DEFAULT (datetime('now'))
    );
    CREATE INDEX idx_captions_frame_range ON captions (start_frame_index, end_frame_index);

    CREATE TABLE cropped_frames (
      frame_index INTEGER PRIMARY KEY,
      image_data BLOB NOT NULL,           -- JPEG
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      file_size INTEGER NOT NULL,
      crop_left INTEGER NOT NULL,
      crop_top INTEGER NOT NULL,
      crop_right INTEGER NOT NULL,
      crop_bottom INTEGER NOT NULL,
      crop_bounds_version INTEGER DEFAULT 1,
      created_at TEXT NOT NULL DEFAULT (datetime('now'))
    );

    CREATE TABLE full_frame_ocr (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      frame_index INTEGER NOT NULL,
      box_index INTEGER NOT NULL,
      text TEXT NOT NULL,
      confidence REAL NOT NULL,
      x REAL NOT NULL,                    -- fractions of the frame, y from the bottom
      y REAL NOT NULL,
      width REAL NOT NULL,
      height REAL NOT NULL,
      created_at TEXT NOT NULL DEFAULT (datetime('now')),
      UNIQUE (frame_index, box_index)
    );

    CREATE TABLE video_layout_config (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      frame_width INTEGER NOT NULL,
      frame_height INTEGER NOT NULL,
      crop_left INTEGER NOT NULL DEFAULT 0,   -- pixels of the frame
      crop_top INTEGER NOT NULL,
      crop_right INTEGER NOT NULL,
      crop_bottom INTEGER NOT NULL,
      vertical_position INTEGER,
      vertical_std REAL,
      box_height INTEGER,
      anchor_type TEXT CHECK (anchor_type IN ('left', 'center', 'right')),
      anchor_position INTEGER,
      crop_bounds_version INTEGER NOT NULL DEFAULT 1,
      analysis_model_version TEXT,
      ocr_visualization_image BLOB,       -- PNG
      updated_at TEXT NOT NULL DEFAULT (datetime('now'))
    );

    CREATE TABLE video_metadata (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      video_id TEXT,
      video_hash TEXT,
      storage_path TEXT,
      display_path TEXT,
      original_filename TEXT,
      file_size_bytes INTEGER,
      duration_seconds REAL,
      width INTEGER,
      height INTEGER,
      fps REAL,
      codec TEXT
    );
    """
}
