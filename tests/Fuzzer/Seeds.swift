import Engine
import Foundation
import Images
import Utils

@testable import DataUtils
@testable import Defects
@testable import Weights

/// Good files of each format, small so that a change hits something.
enum Seeds {
  typealias Seed = FuzzedFormat.Seed

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  private static let samples = tests.appending(path: "Fixtures/weights/samples")

  private static func files(_ folder: URL, _ endings: String...) throws -> [Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try names.filter { name in endings.contains { name.hasSuffix(".\($0)") } }
      .map { try Data(contentsOf: folder.appending(path: $0)) }
  }

  static func safetensors() throws -> [Seed] {
    try files(tests.appending(path: "Fixtures/safetensors"), "safetensors").map { Seed(bytes: Array($0)) }
  }

  static func shards() throws -> [Seed] {
    [
      #"{"metadata":{"total_size":16},"weight_map":{"a":"case.safetensors","b":"model-00001-of-00002.safetensors"}}"#,
      #"{"weight_map":{}}"#,
    ].map { Seed(bytes: Array($0.utf8)) }
  }

  /// PyTorch's files as they are, and their pickles alone, put back into an archive whose sums are right.
  static func torch() throws -> [Seed] {
    try files(samples, "pth", "pt").flatMap { data -> [Seed] in
      let whole = Seed(bytes: Array(data))
      guard ZipArchive.isZip(data) else { return [whole, whole, whole] }
      let archive = try ZipArchive(data)
      guard let pickle = TorchArchive.pickle(in: archive) else { return [whole] }
      let inner = Seed(bytes: Array(try archive.contents(of: pickle))) {
        try packed(archive, pickle.name, $0)
      }
      return [whole, inner, inner]
    }
  }

  static func npy() throws -> [Seed] { try files(samples, "npy").map { Seed(bytes: Array($0)) } }

  static func npz() throws -> [Seed] {
    try files(samples, "npz").flatMap { data in
      let archive = try ZipArchive(data)
      return try archive.entries.map { entry in
        Seed(bytes: Array(try archive.contents(of: entry))) { try packed(archive, entry.name, $0) }
      } + [Seed(bytes: Array(data))]
    }
  }

  /// `archive` with other bytes in the file called `name`.
  private static func packed(_ archive: ZipArchive, _ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
    var whole: [UInt8] = []
    var writer = ZipWriter { whole += $0 }
    for entry in archive.entries {
      let content = entry.name == name ? bytes : Array((try? archive.contents(of: entry)) ?? Data())
      try writer.add(entry.name, content) { _ in }
    }
    try writer.finish()
    return whole
  }

  static func idx() -> [Seed] {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5] + (0..<60).map { UInt8($0) }
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3, 4, 5]
    return [Seed(bytes: images), Seed(bytes: labels)]
      + [images, labels].map { Seed(bytes: $0, wrap: Gzipped.bytes) } + [Seed(bytes: Gzipped.bytes(images))]
  }

  static func cifar() -> [Seed] {
    [Seed(bytes: (0..<3 * 3073).map { UInt8(truncatingIfNeeded: $0 % 3073 == 0 ? $0 / 3073 : $0) })]
  }

  static func csv() -> [Seed] {
    [
      "# species: 1, 2\na,b,c\n1,2.5,x\n-3,1e9,\"y \"\"z\"\"\"\n,NA,\"two\nlines\"\n",
      "a,b\r\n1,2\r\n3,4\r\n", "\"a\"\n",
    ].map { Seed(bytes: Array($0.utf8)) }
  }

  private static let pictures = tests.appending(path: "Fixtures/images")

  /// PNG files as they are, and with right checksums whatever is damaged.
  static func png() throws -> [Seed] {
    try files(pictures, "png").flatMap { data in
      [Seed(bytes: Array(data)), Seed(bytes: Array(data), wrap: PNGChunks.withRightSums)]
    }
  }

  static func jpeg() throws -> [Seed] { try files(pictures, "jpg").map { Seed(bytes: Array($0)) } }

  /// Annotations as they are; and with a damaged picture, or damaged packed bytes, put back into a good file.
  static func supervisely() throws -> [Seed] {
    var map = [UInt8](repeating: 0, count: 12 * 20)
    for place in stride(from: 40, to: 200, by: 3) { map[place] = 1 }
    let mask = RegionMask(map: map, height: 12, width: 20)
    let json = SuperviselyAnnotation.json(
      height: 12, width: 20, objects: [("defect_1", mask), ("defect_3", mask)])
    let bitmap = MaskBitmap(mask)
    let packed = Array(Data(base64Encoded: bitmap.data) ?? Data())
    func file(_ packed: [UInt8]) -> [UInt8] {
      let data = Data(packed).base64EncodedString()
      let text = """
        {"size": {"height": 12, "width": 20}, "objects": [{"classTitle": "defect_2", "geometryType": "bitmap",
        "bitmap": {"data": "\(data)", "origin": [0, 0]}}]}
        """
      return Array(text.utf8)
    }
    let picture = try ZlibBytes.unpacked(packed, limit: 1 << 16)
    return [
      Seed(bytes: json.utf8()), Seed(bytes: packed, wrap: file),
      Seed(bytes: picture) { file(ZlibBytes.packed($0)) },
    ]
  }

  static func runLengths() -> [Seed] {
    [
      "ImageId,ClassId,EncodedPixels\na.jpg,1,1 3 20 5 200 41\nb.jpg,4,7 1\n",
      "ImageId_ClassId,EncodedPixels\na.jpg_1,1 240\na.jpg_2,\na.jpg_3,\nb.jpg_4,17 1\n",
    ].map { Seed(bytes: Array($0.utf8)) }
  }

  static func sweep() -> [Seed] {
    [
      """
      method: random
      run_cap: 9
      metric: {name: val_loss, goal: minimize, target: 0.1}
      early_terminate: {type: hyperband, min_iter: 2, eta: 3, strict: true}
      parameters:
        epochs: {values: [[3, 4], 5], probabilities: [0.5, 0.5]}
        learning_rate: {distribution: q_log_uniform_values, min: 1e-4, max: 1, q: 0.001}
        a: {parameters: {activation: {value: ~}}}
      """,
      "method: grid\nparameters: {epochs: {min: 1, max: 4}}\nprogram: &p [x, x]\ncommand: [*p, *p]\n",
    ].map { Seed(bytes: Array($0.utf8)) }
  }

  static func config() -> [Seed] {
    [
      """
      loss:
        gamma: 2.5  # as in the paper
        alpha: &a [0.375, 0.75, "0.70", .5]
      augmentation: {rotation: {degrees: 15, probability: 0.5}}
      """,
      "loss: {alpha: ~}\naugmentation: &r {rotation: {a: &l [1, [2]], b: *l}}\n? k\n: !!float 3\n",
    ].map { Seed(bytes: Array($0.utf8)) }
  }

  static func yaml() throws -> [Seed] {
    try ["_template", "01_perceptron", "05_lenet5"].map { model in
      let card = tests.deletingLastPathComponent().appending(path: "models/\(model)/card.yaml")
      return Seed(bytes: Array(try Data(contentsOf: card)))
    } + [
      Seed(
        bytes: Array("a: &a [x, x]\nb: &b [*a, *a]\nc: {d: [*b, *b], <<: *a}\n? [k]\n: !!binary aGk=\n".utf8))
    ]
  }
}
