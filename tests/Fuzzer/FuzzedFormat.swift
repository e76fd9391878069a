import DataUtils
import Engine
import Foundation
import Images
import Runner
import Utils
import Weights

@testable import Defects

/// A format, files of it to damage, and our reader.
struct FuzzedFormat {
  /// A file to damage: its bytes, and how they become a file, so that what is damaged is not always a checksum.
  struct Seed {
    let bytes: [UInt8]
    var wrap: ([UInt8]) throws -> [UInt8] = { $0 }
  }

  let name: String
  /// How a file's name ends.
  let ending: String
  let seeds: () throws -> [Seed]
  /// Reads the file and everything in it; gives how many bytes that was, decoded.
  let read: (URL) throws -> Int

  /// Every format that the workspace reads.
  static var all: [FuzzedFormat] {
    [
      FuzzedFormat(name: "safetensors", ending: "safetensors", seeds: Seeds.safetensors, read: weights),
      FuzzedFormat(name: "shards", ending: "json", seeds: Seeds.shards, read: weights),
      FuzzedFormat(name: "pth", ending: "pth", seeds: Seeds.torch, read: weights),
      FuzzedFormat(name: "npy", ending: "npy", seeds: Seeds.npy, read: weights),
      FuzzedFormat(name: "npz", ending: "npz", seeds: Seeds.npz, read: weights),
      FuzzedFormat(name: "idx", ending: "idx", seeds: Seeds.idx) {
        try IDXArray(contentsOf: $0).elements.count
      },
      FuzzedFormat(name: "cifar", ending: "bin", seeds: Seeds.cifar) { try CIFAR10.read($0).images.count },
      FuzzedFormat(name: "csv", ending: "csv", seeds: Seeds.csv) { url in
        let table = try CSVTable(contentsOf: url)
        for column in table.columns { _ = try? table.numbers(column, missing: ["NA"]) }
        return 64 * table.rowCount * table.columns.count
      },
      FuzzedFormat(name: "png", ending: "png", seeds: Seeds.png, read: picture),
      FuzzedFormat(name: "jpeg", ending: "jpg", seeds: Seeds.jpeg, read: picture),
      FuzzedFormat(name: "supervisely", ending: "jpg.json", seeds: Seeds.supervisely, read: annotation),
      FuzzedFormat(name: "runlengths", ending: "csv", seeds: Seeds.runLengths) { url in
        let table = try KaggleTable(contentsOf: url)
        for name in table.imageNames {
          try check(table.annotation(of: name, height: 12, width: 20, classes: .five).findings)
        }
        return 12 * 20 * table.imageNames.count
      },
      FuzzedFormat(
        name: "annotations", ending: "db", seeds: CaptionFiles.annotations, read: CaptionFiles.readAnnotations
      ),
      FuzzedFormat(
        name: "pairs", ending: "db", seeds: CaptionFiles.datasets, read: CaptionFiles.readDataset),
      FuzzedFormat(name: "yaml", ending: "yaml", seeds: Seeds.yaml) { url in
        _ = try ModelCard(contentsOf: url)
        return 0
      },
      FuzzedFormat(name: "sweep", ending: "yaml", seeds: Seeds.sweep) { url in
        _ = try SweepFile(contentsOf: url, keys: ["epochs", "learning_rate", "activation"])
        return 0
      },
      FuzzedFormat(name: "config", ending: "yaml", seeds: Seeds.config) { url in
        var settings = Settings([
          .number("loss.gamma", 2, in: 0...9, "gamma"),
          .value("loss.alpha", "[0.5]", in: .list(.number(0...1), 1...9), "alpha").orNone(),
          .value("augmentation.rotation", nil, in: .mapping, "rotation"),
        ])
        try ConfigFile(contentsOf: url).apply(to: &settings)
        return 0
      },
    ]
  }

  /// The format called `name`; traps when there is none.
  static func named(_ name: String) -> FuzzedFormat {
    guard let format = all.first(where: { $0.name == name }) else { trap("there is no format \(name)") }
    return format
  }

  /// Reads a picture in each form.
  private static func picture(_ url: URL) throws -> Int {
    let forms: [DecodedImage.Form] = [.grey, .rgb, .asStored]
    return try forms.map { form in
      let image = try DecodedImage(contentsOf: url, as: form)
      return max(image.pixels.count, image.width * image.height * 3)
    }.max() ?? 0
  }

  /// Reads an annotation and draws its masks.
  private static func annotation(_ url: URL) throws -> Int {
    let (height, width) = (12, 20)
    let source = AnnotationSource.folder(url.deletingLastPathComponent())
    let name = url.deletingPathExtension().lastPathComponent
    try check(source.annotation(of: name, height: height, width: width, classes: .five).findings)
    return height * width
  }

  /// What is left out of a set and listed is refused here.
  private static func check(_ findings: [AnnotationReport.Finding]) throws {
    guard let first = findings.first else { return }
    throw LabError(.data, "\(first.file): \(first.reason)", remedy: "mend the annotation")
  }

  /// Reads weights as `lab convert` and `--pretrained` do.
  private static func weights(_ url: URL) throws -> Int {
    let file = try WeightsFile.read(url)
    for tensor in file.tensors {
      if tensor.isNumeric { _ = try tensor.floats() }
      try tensor.withBytes { bytes in
        guard bytes.count == tensor.byteCount else { trap("\(tensor.name) has \(bytes.count) bytes") }
      }
    }
    return file.tensors.reduce(0) { $0 + max($1.byteCount, 4 * $1.count) }
  }
}
