import Engine
import Utils

extension DataFolder {
  /// MNIST (LeCun, Cortes, Burges 1998): 60,000 images [1, 28, 28] to train on and 10,000 to test.
  public func mnist() throws -> DataSplits {
    try digitImages("mnist", classNames: (0...9).map(String.init))
  }

  /// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): the format of MNIST, ten kinds of clothing.
  public func fashionMNIST() throws -> DataSplits {
    try digitImages(
      "fashion-mnist",
      classNames: [
        "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
      ])
  }

  private func digitImages(_ name: String, classNames: [String]) throws -> DataSplits {
    let entry = try entry(name)
    let remedy = remedy(for: entry)
    func array(_ path: String) throws -> IDXArray {
      try IDXArray(verifiedBytes(path, of: entry), file: path, remedy: remedy)
    }
    func part(_ prefix: String) throws -> Dataset {
      let images = try array("\(prefix)-images-idx3-ubyte.gz")
      let labels = try array("\(prefix)-labels-idx1-ubyte.gz")
      guard images.sizes.dropFirst() == [28, 28], labels.sizes == [images.sizes[0]],
        labels.elements.allSatisfy({ $0 < classNames.count })
      else {
        throw LabError(
          .data, "images and labels of \(name) (\(prefix)) do not fit each other", remedy: remedy)
      }
      return Dataset(
        name: name, sampleShape: [1, 28, 28], features: .bytes(images.elements, maximum: 255),
        labels: labels.elements.map(Int32.init), classNames: classNames, licence: entry.licence,
        citation: entry.citation)
    }
    return try DataSplits(train: part("train"), test: part("t10k"))
  }
}
