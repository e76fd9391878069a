import Engine
import Foundation
import Utils

/// What `lab onnx` asks of a model's `train`, through its hidden flags: the network of a checkpoint as an ONNX file.
public struct ONNXExport {
  let catalog: ModelCatalog

  /// Where the example of an ONNX file lies: beside it, as `.example.safetensors`.
  public static func example(_ file: URL) -> URL {
    file.deletingPathExtension().appendingPathExtension("example.safetensors")
  }

  /// Writes the network of the checkpoint at `path` to `target`, and says what it has become.
  ///
  /// The file also tells what a reader needs to prepare samples and to name classes, as JSON.
  func json(checkpoint path: String, to target: String, withExample: Bool) throws -> JSONValue {
    let url = URL(filePath: path)
    let checkpoint = try Checkpoint(contentsOf: url)
    let network = try catalog.network(of: checkpoint, url)
    let data = checkpoint.lab["data"]
    guard let shape = data?["sample_shape"]?.array?.compactMap(\.int), !shape.isEmpty,
      shape.allSatisfy({ (1...100_000).contains($0) })
    else {
      throw LabError(
        .checkpoint, "\(path) does not say which samples its network takes", remedy: "name another checkpoint"
      )
    }
    var metadata = ["architecture": checkpoint.lab["architecture"]?.string ?? ""]
    metadata["classes"] = data?["classes"]?.text()
    metadata["preprocessing"] = data?["preprocessing"]?.text()
    metadata["checkpoint_sha256"] = try SHA256.hex(ofFileAt: url)
    let model = try ONNXModel(of: network, input: Shape(shape), metadata: metadata)
    try model.write(to: URL(filePath: target))
    if withExample {
      try ONNXModel.writeExample(of: network, input: Shape(shape), to: Self.example(URL(filePath: target)))
    }
    return [
      "architecture": .string(metadata["architecture"] ?? ""),
      "operations": .integer(Int64(model.operationCount)),
      "parameters": .integer(Int64(network.parameterCount)),
      "input": .array(shape.map { .integer(Int64($0)) }),
    ]
  }
}
