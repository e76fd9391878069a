import Engine
import Foundation
import Utils

/// One case of the PyTorch fixtures: inputs, gradient from above, and what PyTorch made of them.
struct TorchCase: Sendable, CustomStringConvertible {
  let name: String
  let fields: JSONValue
  let file: SafetensorsFile

  var description: String { name }
  var attributes: JSONValue { fields["attrs"] ?? [:] }
  var tolerance: Float { Float(fields["tolerance"]?.double ?? 1e-5) }

  /// The folder that `TORCH_FIXTURES` names, else the one beside the tests.
  static let folder: URL = {
    if let folder = ProcessInfo.processInfo.environment["TORCH_FIXTURES"] {
      return URL(fileURLWithPath: folder)
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/torch").standardizedFileURL
  }()

  /// All cases of `NAME.json` in the folder, none where it is not there; the tensors lie in `NAME.safetensors`.
  static func all(_ name: String) throws -> [TorchCase] {
    let list = folder.appendingPathComponent("\(name).json")
    guard FileManager.default.fileExists(atPath: list.path) else { return [] }
    let data = try Data(contentsOf: list)
    let file = try SafetensorsFile(contentsOf: folder.appendingPathComponent("\(name).safetensors"))
    return (try JSONValue(parsing: data).array ?? []).map {
      TorchCase(name: $0["case"]?.string ?? "", fields: $0, file: file)
    }
  }

  /// The tensor called `name` in the file.
  func tensor(_ name: String) throws -> Tensor {
    Tensor(try file.floats(name), shape: Shape(file[name]?.shape ?? []))
  }

  /// The tensor of an input.
  func input(_ name: String) throws -> Tensor {
    try tensor(fields["inputs"]?[name]?["tensor"]?.string ?? "the input \(name) of \(self.name)")
  }

  /// The whole numbers of an input.
  func indices(_ name: String) throws -> IndexTensor {
    let tensor = fields["inputs"]?[name]?["tensor"]?.string ?? "the input \(name) of \(self.name)"
    return IndexTensor(try file.int64s(tensor).map { Int32($0) }, shape: Shape(file[tensor]?.shape ?? []))
  }
}
