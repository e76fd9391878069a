import GRDB
import Utils

extension AnnotationDatabase {
  /// All stretches by their first frame.
  ///
  /// Throws a `LabError` for a stretch that ends before it begins, for a state that there is not, and for confirmed stretches
  /// that overlap.
  public func segments() throws -> [CaptionSegment] {
    let state = has("captions", "boundary_state") ? "boundary_state" : "'predicted'"
    let status = has("captions", "text_status") ? "text_status" : "NULL"
    let rows = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, start_frame_index AS first, end_frame_index AS last, \(state) AS state, text,
            \(status) AS status
          FROM captions ORDER BY first, last, id
          """)
    }
    let segments = try rows.map(segment)
    let confirmed = segments.filter { $0.state == .confirmed }
    for (one, next) in zip(confirmed, confirmed.dropFirst()) where next.start <= one.end {
      throw fault(
        "has captions that overlap: \(one.id), frames \(one.start) to \(one.end), and \(next.id), frames "
          + "\(next.start) to \(next.end)", remedy: "mend the one that is wrong")
    }
    return segments
  }

  private func segment(_ row: Row) throws -> CaptionSegment {
    let remedy = "mend the caption"
    let id = row.value("id") ?? 0
    guard let start = row.value("first", as: Int.self), let end = row.value("last", as: Int.self),
      0...FrameIndex.largest ~= start,
      0...FrameIndex.largest ~= end
    else { throw fault("has a caption, \(id), whose frames are no numbers", remedy: remedy) }
    guard start <= end else {
      throw fault("has a caption, \(id), that ends before it begins: \(start) to \(end)", remedy: remedy)
    }
    let name = row.value("state") ?? "predicted"
    guard let state = CaptionSegment.State(rawValue: name) else {
      throw fault("has a caption, \(id), whose state is \(name.quoted)", remedy: remedy)
    }
    let text: String? = row.value("text")
    guard text != nil || row["text"] == nil else {
      throw fault("has a caption, \(id), whose text is none", remedy: remedy)
    }
    return CaptionSegment(
      id: id, start: start, end: end, state: state, text: text,
      isLeftOut: state == .gap && row.value("status") == AnnotationExcerpt.leftOut)
  }
}

/// The number of a frame in its video.
enum FrameIndex {
  /// The largest that is read, more than a year of 30 frames a second, so that sums of two never overflow.
  static let largest = 1_000_000_000
}
