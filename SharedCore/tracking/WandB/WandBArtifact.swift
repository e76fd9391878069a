import Foundation
import Utils

/// A checkpoint as a model artifact of W&B, whose server gives each commit of one name the next version.
struct WandBArtifact {
  /// At most 128 letters, digits, dots, dashes and underscores.
  let name: String
  /// The copy that the client may read, and in some versions deletes, when it synchronises.
  let staged: URL
  private let digest: String
  private let size: Int

  /// Copies the file at `url` into `folder`/staging.
  init(_ url: URL, name: String, under folder: URL) throws {
    self.name = String(
      name.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "._-".contains($0) ? $0 : "-" }.prefix(128))
    let staging = folder.appendingPathComponent("staging", isDirectory: true)
    staged = staging.appendingPathComponent(url.lastPathComponent)
    guard makeFolders(staging) else { throw cannotWrite(staging, systemReason()) }
    do {
      try FileManager.default.copyItem(at: url, to: staged)
    } catch {
      throw cannotWrite(staged, "the checkpoint could not be copied")
    }
    digest = Data(try MD5.digest(ofFileAt: staged)).base64EncodedString()
    size = try FileManager.default.attributesOfItem(atPath: staged.path)[.size] as? Int ?? 0
  }

  /// The body of the artifact record.
  func add(to record: inout ProtobufMessage, run: String, project: String, metadata: JSONValue) throws {
    let path = staged.lastPathComponent
    let manifest = "wandb-artifact-manifest-v1\n\(path):\(digest)\n"
    let sum = try MD5.digest(of: manifest.utf8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
    record.add(1, run)
    record.add(2, project)
    record.add(4, "model")
    record.add(5, name)
    record.add(6, sum)
    record.add(8, metadata.text())
    record.add(9, true)
    record.add(10, true)
    record.add(11, "latest")
    record.add(12) { manifest in
      manifest.add(1, 1)
      manifest.add(2, "wandb-storage-policy-v1")
      manifest.add(3) {
        $0.add(1, "storageLayout")
        $0.add(2, "\"V2\"")
      }
      manifest.add(4) {
        $0.add(1, path)
        $0.add(2, digest)
        $0.add(4, size)
        $0.add(6, staged.path)
      }
    }
    record.add(14, true)
    record.add(15, Self.randomName())
    record.add(16, Self.randomName())
  }

  private static func randomName() -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    return String((0..<128).map { _ in letters.randomElement(using: &generator)! })
  }
}
