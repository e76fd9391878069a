import Foundation
import Utils

extension ONNXModel {
  /// Writes three random samples and what `network` answers as safetensors, `input` and `output`: what a runtime that reads the
  /// ONNX file has to answer too.
  public static func writeExample(of network: any Layer, input: Shape, to url: URL) throws {
    var random = RandomStream(seed: 3, purpose: "onnx")
    let shape = Shape([3] + input)
    let x = Tensor((0..<shape.elementCount).map { _ in Float(random.normal()) }, shape: shape)
    let y = withMode(.evaluation) { network(x) }
    var file = SafetensorsWriter()
    for (name, tensor) in [("input", x), ("output", y)] {
      file.add(name, floats: tensor.elements, shape: Array(tensor.shape))
    }
    try file.write(to: url)
  }
}
