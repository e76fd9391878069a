import ArgumentParser
import Engine
import Foundation
import Runner
import Tracking
import Utils

/// `lab captions pretrain`: a ResNet-50 for all networks to begin with, where no published weights are at hand.
struct CaptionPretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a ResNet-50 to tell fonts and anchors of made-up captions, and save it.")

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to make.", valueName: "file"))
  var output: String = "caption_backbone.safetensors"
  @Argument(
    help: ArgumentHelp("Settings to change: pictures=, epochs=, height=, width=.", valueName: "key=value"))
  var words: [String] = []
  @Option(help: "Threads.")
  var threads: Int?

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lab-pretext-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let code = Runner.train(
      try .captions(of: "shared_backbone_resnet50"),
      ["--experiment", "pretext", "--output-dir", folder.path]
        + (threads.map { ["--threads", "\($0)"] } ?? []) + words)
    guard code == 0 else { throw ExitCode(code) }
    var checkpoint = try Checkpoint(contentsOf: try RunFolder.find("latest", under: folder).bestCheckpoint)
    checkpoint.contents = checkpoint.contents.filter { !$0.key.hasPrefix("optimizer.") }
    try checkpoint.write(to: URL(filePath: output))
    print("the backbone lies in \(output): give it to train with --pretrained \(output)")
  }
}
