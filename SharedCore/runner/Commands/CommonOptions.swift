import ArgumentParser
import Foundation
import Kernels
import Logging
import Utils

/// Flags that `train` and `evaluate` share.
struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with data sets (default: $LAB_DATA, else the user's cache).", valueName: "folder"))
  var dataRoot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that one operation may use (default: $LAB_THREADS, else every core).", valueName: "n"))
  var threads: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that prepare batches ahead; 0 for none (default: as the batch's size asks).", valueName: "n"))
  var prefetchThreads: String?

  @Option(help: ArgumentHelp("Where to compute: auto or cpu.", valueName: "name"))
  var device = "auto"

  @Option(help: ArgumentHelp("How much to tell: debug, info, warning or error.", valueName: "level"))
  var logLevel = "info"

  /// The number of threads asked for; nil for the library's own choice.
  func threadLimit() throws -> Int? {
    let environment = ProcessInfo.processInfo.environment["LAB_THREADS"]
    guard let text = threads ?? environment else { return nil }
    guard let count = Int(text), (1...1024).contains(count) else {
      throw LabError(
        .usage, "\(threads == nil ? "LAB_THREADS" : "--threads") is \(text)",
        remedy: "give a whole number from 1 to 1024")
    }
    return count
  }

  /// The number of loader threads asked for; nil for the loader's own choice.
  func prefetch() throws -> Int? {
    guard let text = prefetchThreads else { return nil }
    guard let count = Int(text), (0...64).contains(count) else {
      throw LabError(.usage, "--prefetch-threads is \(text)", remedy: "give a whole number from 0 to 64")
    }
    return count
  }

  /// Sets up what both programs compute with; refuses a device or kernels that there are not.
  func prepareComputing() throws {
    try checkDevice()
    guard Kernels.names.contains(Kernels.requested) else {
      throw LabError(
        .usage, "KERNELS is \(Kernels.requested)",
        remedy: "set it to \(Kernels.names.joined(separator: " or "))")
    }
    if let threads = try threadLimit() { KernelLibrary.limitThreads(to: threads) }
  }

  /// Refuses a device that this workspace cannot use.
  private func checkDevice() throws {
    guard ["auto", "cpu"].contains(device) else {
      throw LabError(
        .device, "--device \(device): this workspace computes on the processor", remedy: "give auto or cpu")
    }
  }

  /// The level from which messages are shown.
  func level() throws -> Logger.Level {
    let levels: [Logger.Level] = [.debug, .info, .warning, .error]
    guard let level = levels.first(where: { $0.rawValue == logLevel }) else {
      throw LabError(
        .usage, "--log-level \(logLevel) is not known",
        remedy: "give one of \(levels.map(\.rawValue).joined(separator: ", "))")
    }
    return level
  }
}
