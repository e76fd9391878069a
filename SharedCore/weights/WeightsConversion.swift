import Engine
import Foundation
import Utils

extension WeightsFile {
  /// What weights are written as, by the ending of the file's name.
  public enum Output: String, CaseIterable, Sendable {
    case safetensors, npz, npy
  }

  /// Writes the tensors to `url`, whole or not at all, and says what it is; the ending of its name chooses the format.
  ///
  /// `weightsOnly` leaves out what is not of the network (`networkTensors`): then PyTorch's `load_state_dict` takes them.
  /// Element types stay as they are unless `asFloat32` asks for 32-bit floats: then F16, BF16 and F64 become F32, and
  /// integers and truth values stay. In safetensors the metadata are kept, with `format: pt`, which PyTorch's readers want.
  @discardableResult
  public func write(to url: URL, asFloat32: Bool = false, weightsOnly: Bool = false) throws -> Output {
    guard let output = Output(rawValue: url.pathExtension.lowercased()) else {
      throw LabError(
        .usage, "\(url.relativePath) has no ending that names a format",
        remedy: "end it with \(Output.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))")
    }
    let chosen = weightsOnly ? networkTensors : tensors
    let tensors = asFloat32 ? chosen.map(\.asFloat32) : chosen
    switch output {
    case .safetensors: try writeSafetensors(tensors, to: url)
    case .npz: try NumPyWriter.write(tensors, to: url)
    case .npy:
      guard tensors.count == 1 else {
        throw LabError(
          .usage, "\(self.url.relativePath) has \(tensors.count) tensors to write and .npy holds one",
          remedy: "end the name with .npz")
      }
      try NumPyWriter.write(tensors[0], to: url)
    }
    return output
  }

  private func writeSafetensors(_ tensors: [WeightsTensor], to url: URL) throws {
    var writer = SafetensorsWriter(metadata: metadata.merging(["format": "pt"]) { $1 })
    for tensor in tensors {
      guard tensor.name != "__metadata__" else {
        throw LabError(
          .checkpoint, "a tensor is called __metadata__, which safetensors keeps for itself",
          remedy: "rename it")
      }
      writer.add(tensor.name, dtype: tensor.dtype, shape: tensor.shape) { try tensor.withBytes($0) }
    }
    try writer.write(to: url)
  }
}

extension WeightsTensor {
  /// The same as F32 when it holds floating-point numbers of another size.
  fileprivate var asFloat32: WeightsTensor {
    guard [.f16, .bf16, .f64].contains(dtype) else { return self }
    return WeightsTensor(name, .f32, shape) { [self] body in try floats().withUnsafeBytes(body) }
  }
}
