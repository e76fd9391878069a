import Foundation

/// The published data sets, for tests that need one of them.
public enum RealData {
  /// The folder that holds them: LAB_DATA, else `shared/data` beside the workspace; nil where neither holds MNIST.
  public static let folder: String? = {
    var workspace = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { workspace.deleteLastPathComponent() }
    let beside = workspace.deletingLastPathComponent().appending(path: "shared/data").path
    return [ProcessInfo.processInfo.environment["LAB_DATA"], beside].compactMap(\.self)
      .first { FileManager.default.fileExists(atPath: $0 + "/mnist/train-images-idx3-ubyte.gz") }
  }()

  /// Why a test is left out where there is none.
  public static let missing =
    "no MNIST: set LAB_DATA, or keep a data folder at ../shared/data beside the workspace"
}
