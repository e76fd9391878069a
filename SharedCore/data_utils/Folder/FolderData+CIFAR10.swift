import Engine
import Utils

extension DataFolder {
  /// CIFAR-10 (Krizhevsky 2009), images [3, 32, 32]: all 50,000 to train on and 10,000 to test where the six published
  /// files lie in the folder, else the first 10,000 and the first 1,000 of them.
  ///
  /// `DataSplits.subsetNote` tells which. The first batch and the first 1,000 test images are held against the
  /// catalogue's checksums, the others against what was published: 5,000 images of each class, and 1,000 of each to test.
  public func cifar10() throws -> DataSplits {
    let entry = try entry("cifar10")
    let remedy = remedy(for: entry)
    let folder = root.appending(path: entry.name)
    let more = (2...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    func published(_ path: String) throws -> (images: [UInt8], labels: [Int32]) {
      try CIFAR10.read(folder.appending(path: path), remedy: remedy)
    }
    func listed(_ path: String) throws -> (images: [UInt8], labels: [Int32]) {
      try CIFAR10.read(verifiedBytes(path, of: entry), file: path, remedy: remedy)
    }
    func part(_ pieces: [(images: [UInt8], labels: [Int32])], of count: Int) -> Dataset {
      Dataset(
        name: entry.name, sampleShape: [3, 32, 32],
        features: .bytes(Array(pieces.map(\.images).joined()), maximum: 255),
        labels: pieces.flatMap(\.labels),
        classNames: CIFAR10.classNames, licence: entry.licence, citation: entry.citation,
        publishedCount: count)
    }
    let first = try listed("data_batch_1.bin")
    guard more.allSatisfy({ InputFile.size(folder.appending(path: $0)) != nil }) else {
      return DataSplits(
        train: part([first], of: 50_000), test: part([try listed("test_batch_first1000.bin")], of: 10_000))
    }
    let splits = DataSplits(
      train: part([first] + (try more.dropLast().map(published)), of: 50_000),
      test: part([try published("test_batch.bin")], of: 10_000))
    guard splits.train.classCounts.allSatisfy({ $0 == 5000 }),
      splits.test?.classCounts.allSatisfy({ $0 == 1000 }) ?? false
    else {
      throw LabError(
        .data,
        "the batches in \(folder.path) are not those of CIFAR-10: a class has too many or too few images",
        remedy: "copy the six files again, or take away \(more.joined(separator: ", ")) to use the subset")
    }
    return splits
  }
}
