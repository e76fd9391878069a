import ArgumentParser
import Foundation
import Utils
import Weights

/// `lab convert IN OUT`: weights from one format into another.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract:
      "Converts weights: PyTorch's .pth and .pt, .npy, .npz and safetensors into safetensors, .npz or .npy.",
    discussion:
      "What the input is follows from its content, what the output is from the ending of its name. Nothing in a file is run."
  )

  @Argument(
    help: ArgumentHelp(
      "The weights: a file, or a folder with model.safetensors or its shards.", valueName: "in"))
  var input: String
  @Argument(
    help: ArgumentHelp("Where to: a name that ends with .safetensors, .npz or .npy.", valueName: "out"))
  var output: String
  @Flag(name: .customLong("float32"), help: "Write 16-bit and 64-bit floating-point numbers as 32-bit ones.")
  var asFloat32 = false
  @Flag(
    help:
      "Leave out all but the network, such as the optimizer's state in a checkpoint: PyTorch's load_state_dict takes the rest as it is."
  )
  var weightsOnly = false

  func run() throws {
    let file = try WeightsFile.read(URL(filePath: input))
    let target = URL(filePath: output)
    try file.write(to: target, asFloat32: asFloat32, weightsOnly: weightsOnly)
    let size = file.tensors.reduce(0) { $0 + $1.byteCount }
    print(
      "\(input): \(file.format.rawValue), \(file.tensors.count) tensors, \(grouped(size)) bytes of elements")
    print(
      "written: \(target.relativePath)"
        + (weightsOnly ? ", \(file.networkTensors.count) tensors of the network" : ""))
  }
}
