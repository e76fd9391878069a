import CaptionData
import Foundation
import Utils

/// A data set of made-up videos, made once and found again: what is trained on where nobody names another.
struct GeneratedDataset {
  let videos, captions: Int
  let seed: UInt64

  /// The set, from the user's folder of caches or made there.
  func open() throws -> CaptionDataset {
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    return try open(in: (caches ?? FileManager.default.temporaryDirectory).appending(path: "lab-captions"))
  }

  /// The set in `folder`.
  func open(in folder: URL) throws -> CaptionDataset {
    let name = "generated-1-\(videos)-\(captions)-\(seed)"
    let request = DatasetRequest(name: name, places: [folder.appending(path: name).path])
    let builder = DatasetBuilder(request, in: folder)
    if !FileManager.default.fileExists(atPath: builder.target.path) {
      let sources = folder.appending(path: name)
      if !FileManager.default.fileExists(atPath: sources.path) {
        try SyntheticVideoFolder(count: videos, segments: captions, seed: seed).make(at: sources)
      }
      _ = try builder.make()
      try? FileManager.default.removeItem(at: sources)
    }
    return try CaptionDataset(builder.target)
  }
}
