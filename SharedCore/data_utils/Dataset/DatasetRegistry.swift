import Utils

/// The classification data sets that a user names on the command line.
public enum DatasetRegistry {
  /// Where a data set comes from.
  public enum Kind: String, Sendable {
    case embedded, generated, downloadable
  }

  /// What can be said about a data set before it is loaded.
  public struct Entry: Sendable {
    /// "iris".
    public let name: String
    /// Where it comes from.
    public let kind: Kind
    /// What it holds: "150 x 4, 3 classes".
    public let summary: String
    fileprivate let load: @Sendable (Request) throws -> DataSplits
  }

  /// What a generator is asked for; embedded and downloaded sets are what they are.
  fileprivate struct Request {
    let samples: Int?
    let noise: Double?
    let seed: UInt64
    let folder: DataFolder
  }

  /// All sets, in the order a beginner meets them.
  public static let entries: [Entry] = [
    generated("and", "2 features, 2 classes, separable") { Generator.and(samples: $0, noise: $1, seed: $2) },
    generated("or", "2 features, 2 classes, separable") { Generator.or(samples: $0, noise: $1, seed: $2) },
    generated("xor", "2 features, 2 classes, not separable") {
      Generator.xor(samples: $0, noise: $1, seed: $2)
    },
    generated("linear-separable", "2 features, 2 classes, flipped labels", noise: 0.05) {
      Generator.linearSeparable(samples: $0, noise: $1, seed: $2)
    },
    generated("blobs", "2 features, 3 classes", samples: 900, noise: 0.6) {
      Generator.blobs(samples: $0, noise: $1, seed: $2)
    },
    generated("moons", "2 features, 2 classes") { Generator.moons(samples: $0, noise: $1, seed: $2) },
    generated("circles", "2 features, 2 classes", noise: 0.05) {
      Generator.circles(samples: $0, noise: $1, seed: $2)
    },
    generated("spirals", "2 features, 2 classes", noise: 0.02) {
      Generator.spirals(samples: $0, noise: $1, seed: $2)
    },
    embedded("iris", "150 x 4, 3 classes", EmbeddedData.iris),
    embedded("penguins", "342 x 4, 3 classes", EmbeddedData.penguins),
    embedded("wine", "178 x 13, 3 classes", EmbeddedData.wine),
    embedded("breast-cancer", "569 x 30, 2 classes", EmbeddedData.breastCancer),
    embedded("digits", "1797 x 1x8x8, 10 classes", EmbeddedData.digits),
    downloadable("mnist", "70000 x 1x28x28, 10 classes") { try $0.mnist() },
    downloadable("fashion-mnist", "70000 x 1x28x28, 10 classes") { try $0.fashionMNIST() },
    downloadable("cifar10", "11000 x 3x32x32, 10 classes") { try $0.cifar10() },
    downloadable("neu-det", "1800 x 1x200x200, 6 classes") { try $0.neuDET() },
    Entry(name: "magnetic-tile", kind: .downloadable, summary: "180 x 1x96x96, 6 classes") {
      try $0.folder.magneticTile(seed: $0.seed)
    },
  ]

  /// The names of all sets.
  public static var names: [String] { entries.map(\.name) }

  /// Loads the set called `name`, `-` and `_` alike.
  ///
  /// Embedded and generated sets are one part, trained and judged on; the others have their published parts. An unknown
  /// name is answered with the nearest one and the list.
  ///
  /// - Parameters:
  ///   - name: one of `names`.
  ///   - samples: how many points to generate, at least 1; a generator's own number when nil.
  ///   - noise: how much noise a generator adds, at least 0; its own when nil.
  ///   - seed: what a generator's points depend on, and the parts of magnetic-tile.
  ///   - folder: where downloaded sets lie.
  public static func load(
    _ name: String, samples: Int? = nil, noise: Double? = nil, seed: UInt64 = 42,
    folder: DataFolder = DataFolder()
  ) throws -> DataSplits {
    guard let entry = entries.first(where: { $0.name == name.replacing("_", with: "-") }) else {
      throw unknownName(name, what: "data set", known: names)
    }
    if entry.kind != .generated, samples != nil || noise != nil {
      throw LabError(
        .config, "\(entry.name) is \(entry.kind.rawValue) and takes neither samples nor noise",
        remedy: "leave them out, or choose a generated set")
    }
    if let samples, !(1...10_000_000 ~= samples) {
      throw LabError(
        .config, "\(samples) samples of \(name) cannot be made", remedy: "choose a number from 1 to 10000000")
    }
    if let noise, !(0...(name.hasPrefix("linear") ? 1 : 1e6) ~= noise) {
      throw LabError(
        .config, "\(name) with noise \(noise) cannot be made", remedy: "choose a noise from 0 to 1")
    }
    return try entry.load(Request(samples: samples, noise: noise, seed: seed, folder: folder))
  }

  private static func generated(
    _ name: String, _ summary: String, samples: Int = 1000, noise: Double = 0.1,
    _ make: @escaping @Sendable (Int, Double, UInt64) -> Dataset
  ) -> Entry {
    Entry(name: name, kind: .generated, summary: "\(samples) x \(summary)") { request in
      DataSplits(trainingOnAll: make(request.samples ?? samples, request.noise ?? noise, request.seed))
    }
  }

  private static func embedded(_ name: String, _ summary: String, _ make: @escaping @Sendable () -> Dataset)
    -> Entry
  {
    Entry(name: name, kind: .embedded, summary: summary) { _ in DataSplits(trainingOnAll: make()) }
  }

  private static func downloadable(
    _ name: String, _ summary: String, _ load: @escaping @Sendable (DataFolder) throws -> DataSplits
  ) -> Entry {
    Entry(name: name, kind: .downloadable, summary: summary) { try load($0.folder) }
  }
}
