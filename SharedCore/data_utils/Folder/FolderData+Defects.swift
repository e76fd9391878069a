import Engine
import Foundation
import Utils

extension DataFolder {
  /// NEU-DET (Song, Yan 2013; He et al. 2020): 1,800 grey photographs of hot-rolled steel, 200 x 200 pixels, with six
  /// kinds of defect, 300 images each.
  ///
  /// The published set has no parts; ours have 1,260, 180 and 360 images, as many of each kind.
  ///
  /// - Parameters:
  ///   - side: the height and width of a sample [1, side, side]; another than 200 is resized.
  ///   - split: how the parts are chosen.
  public func neuDET(side: Int = 200, split: NEUDETSplit = .interleaved) throws -> DataSplits {
    let entry = try entry("neu-det")
    let kinds = ["crazing", "inclusion", "patches", "pitted_surface", "rolled-in_scale", "scratches"]
    let paths = kinds.flatMap { kind in (1...300).map { "IMAGES/\(kind)_\($0).jpg" } }
    let images = ImageFiles(
      try paths.map { try verifiedImage($0, of: entry) },
      ImageFit(channels: 1, height: side, width: side, side == 200 ? .exact : .stretch))
    let all = Dataset(
      name: entry.name, sampleShape: images.sampleShape, features: .images(images),
      labels: paths.indices.map { Int32($0 / 300) }, classNames: kinds, licence: entry.licence,
      citation: entry.citation)
    func part(_ name: DataSplits.Part) -> Dataset {
      all.subset(paths.indices.filter { split.part(ofNumber: $0 % 300 + 1) == name })
    }
    return DataSplits(train: part(.train), val: part(.val), test: part(.test))
  }

  /// Magnetic tiles (Huang, Qiu, Yuan 2020): 180 grey photographs of the published 1,344, 30 of each of five kinds of
  /// defect and 30 without any.
  ///
  /// The published set has no parts, and a tile was photographed up to six times. Of each kind up to 9 images are
  /// judged, up to 3 watched and the rest trained on; those of one tile stay together.
  ///
  /// - Parameters:
  ///   - side: the height and width of a sample [1, side, side]; the photographs have 112 to 632 pixels a side.
  ///   - rule: how they become square: stretched, or padded.
  ///   - seed: what chooses the tiles.
  public func magneticTile(side: Int = 96, _ rule: ImageFit.Rule = .stretch, seed: UInt64) throws
    -> DataSplits
  {
    let entry = try entry("magnetic-tile")
    let paths = entry.files.map(\.path).filter { $0.hasSuffix(".jpg") }.sorted()
    let kinds = ["Blowhole", "Break", "Crack", "Fray", "Free", "Uneven"]
    let labels = paths.map { path in kinds.firstIndex { path.hasPrefix("MT_\($0)/") } ?? 0 }
    let images = ImageFiles(
      try paths.map { path in
        _ = try verifiedImage(path.dropLast(3) + "png", of: entry)
        return try verifiedImage(path, of: entry)
      }, ImageFit(channels: 1, height: side, width: side, rule))
    let all = Dataset(
      name: entry.name, sampleShape: images.sampleShape, features: .images(images),
      labels: labels.map(Int32.init), classNames: kinds.map { $0.lowercased() }, licence: entry.licence,
      citation: entry.citation)
    let tiles = MagneticTiles(paths: paths, labels: labels)
    let parts = tiles.parts(test: 9, val: 3, seed: seed)
    return DataSplits(
      train: all.subset(parts.train), val: all.subset(parts.val), test: all.subset(parts.test))
  }

  /// The masks of the samples of `part` of `magneticTile`, in their order: [1, side, side], from 128 where there is a
  /// defect; traps for another data set.
  public static func magneticTileMasks(of part: Dataset) -> ImageFiles {
    guard case .images(let files) = part.features else { trap("\(part.name) has no masks") }
    let masks = (0..<files.count).map {
      ImageFile(files.file($0).url.deletingPathExtension().appendingPathExtension("png"))
    }
    return ImageFiles(masks, files.fit)
  }

  private func verifiedImage(_ path: String, of entry: CatalogueEntry) throws -> ImageFile {
    _ = try verifiedBytes(path, of: entry)
    return ImageFile(root.appending(path: entry.name).appending(path: path))
  }
}

/// How the photographs of NEU-DET, numbered from 1 to 300 within each kind, become parts.
public enum NEUDETSplit: String, CaseIterable, Sendable {
  /// Of each ten that follow each other seven are trained on, one is watched and two are judged: every part shows every strip.
  case interleaved
  /// 1 to 210 are trained on, 211 to 240 watched, 241 to 300 judged: other strips than those that were learnt.
  case blocks

  func part(ofNumber number: Int) -> DataSplits.Part {
    switch self {
    case .interleaved: number % 10 < 7 ? .train : number % 10 == 7 ? .val : .test
    case .blocks: number <= 210 ? .train : number <= 240 ? .val : .test
    }
  }
}

/// Which photographs show one tile: those of one kind whose numbers follow each other closely.
struct MagneticTiles {
  /// Photographs of one tile mostly follow within 100; what is nearer than this is taken for one tile, to be safe.
  private static let gap = 400
  /// For each kind the tiles, each as the indices of its photographs.
  let kinds: [[[Int]]]

  /// The tiles in photographs at `paths`, "MT_Fray/Imgs/exp1_num_20362.jpg", of the kinds `labels`.
  init(paths: [String], labels: [Int]) {
    let numbers = paths.map { path in
      path.split(separator: "_").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }
    kinds = Set(labels).sorted().map { kind in
      let indices = paths.indices.filter { labels[$0] == kind }.sorted { numbers[$0] < numbers[$1] }
      return indices.reduce(into: [[Int]]()) { tiles, index in
        if let last = tiles.last?.last, numbers[index] - numbers[last] < Self.gap {
          tiles[tiles.count - 1].append(index)
        } else {
          tiles.append([index])
        }
      }
    }
  }

  /// The indices of each part, in ascending order: of each kind at most `val` and `test`, whole tiles as far as they fit,
  /// and the rest. Those with many photographs go first, and chance decides among equals.
  func parts(test: Int, val: Int, seed: UInt64) -> (train: [Int], val: [Int], test: [Int]) {
    var parts: (train: [Int], val: [Int], test: [Int]) = ([], [], [])
    for (kind, tiles) in kinds.enumerated() {
      var stream = RandomStream(seed: seed, purpose: "split", number: kind)
      var remaining = stream.permutation(of: tiles.count).map { tiles[$0] }
      remaining = Set(tiles.map(\.count)).sorted(by: >).flatMap { size in
        remaining.filter { $0.count == size }
      }
      func take(atMost room: Int) -> [Int] {
        var taken: [Int] = []
        remaining.removeAll { tile in
          guard taken.count + tile.count <= room else { return false }
          taken += tile
          return true
        }
        return taken
      }
      parts.val += take(atMost: val)
      parts.test += take(atMost: test)
      parts.train += remaining.joined()
    }
    return (parts.train.sorted(), parts.val.sorted(), parts.test.sorted())
  }
}
