import ArgumentParser
import DataUtils
import Foundation
import Utils
import Weights

/// `lab weights`: the published weights that are known by name, and downloading them.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights", abstract: "List and download published weights.",
    subcommands: [WeightsList.self, WeightsFetch.self], defaultSubcommand: WeightsList.self)
}

/// `lab weights list`: a line each.
struct WeightsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show the published weights that train --pretrained knows by name.")

  func run() throws {
    let folder = try WeightsFolder()
    let rows = folder.catalogue.entries.map { entry in
      [
        entry.name, "\(entry.bytes / 1_000_000) MB", folder.holds(entry) ? "yes" : "no", entry.title,
        entry.licence,
      ]
    }
    print(aligned([["NAME", "SIZE", "PRESENT", "TITLE", "LICENCE"]] + rows))
    print("\nThey lie in \(folder.root.path); get one with: lab weights fetch NAME")
  }
}

/// `lab weights fetch SOURCE`: downloads and checks.
struct WeightsFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download published weights and check them.")

  @Argument(help: "A name that `lab weights list` shows, or an address, which may end with #sha256=...")
  var source: String

  func run() throws {
    let file = try WeightsFolder().file(for: source) {
      print($0)
    } check: {
      _ = try WeightsFile.read($0)
    }
    print(file.path)
  }
}
