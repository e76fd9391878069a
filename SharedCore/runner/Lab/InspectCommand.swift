import ArgumentParser
import Engine
import Foundation
import Runner
import Tracking
import Utils
import Weights

/// `lab inspect FILE`: what a file of weights says of itself, what the record knows of it, and its tensors.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what is in a checkpoint or another file of weights, and which run made it.",
    discussion:
      "Of a checkpoint of ours the first part is what determines the result. Who made it, when, and of which commit is in "
      + "the record of runs, found by the file's SHA-256.")

  @Argument(
    help: ArgumentHelp(
      "A file of weights (safetensors, .pth, .pt, .npz, .npy), a folder with one, or a run's id.",
      valueName: "file"))
  var reference: String
  @Flag(help: "Show the smallest, mean and largest number of every tensor too.")
  var statistics = false

  func run() throws {
    let url = try weights()
    let file = try WeightsFile.read(url)
    let sum = try SHA256.hex(ofFileAt: file.url)
    let size = file.tensors.reduce(0) { $0 + $1.byteCount }
    print(
      aligned(
        [
          ["file", Terminal.bold(file.url.relativePath)], ["format", file.format.rawValue],
          ["tensors", "\(file.tensors.count), \(grouped(size)) bytes of elements"], ["SHA-256", sum],
        ] + checksum(file)))
    let lab = file.metadata["lab"].flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    section("WHAT DETERMINES IT", flattened(lab ?? [:]).map { [$0.key.printable, $0.value.printable] })
    section(
      "METADATA",
      file.metadata.filter { $0.key != "lab" }.sorted { $0.key < $1.key }.map {
        [$0.key.printable, $0.value.printable]
      })
    for record in try runs(of: sum) { section("MADE BY RUN \(record.id)", facts(of: record)) }
    section("TENSORS", try [heads] + file.tensors.map(row))
  }

  /// Whether a checkpoint of ours holds what was written; nothing of other files.
  private func checksum(_ file: WeightsFile) -> [[String]] {
    guard file.metadata["lab"] != nil, file.metadata["sha256"] != nil else { return [] }
    do {
      _ = try Checkpoint(contentsOf: file.url)
      return [["checksum", "agrees"]]
    } catch {
      return [["checksum", Terminal.yellow((error as? LabError)?.cause ?? "\(error)")]]
    }
  }

  /// The file that is meant: a path, or the last checkpoint of a run.
  private func weights() throws -> URL {
    let named = URL(filePath: reference)
    if let run = RunFolder(at: named.resolvingSymlinksInPath()),
      FileManager.default.fileExists(atPath: run.lastCheckpoint.path)
    {
      _ = try? openDatabase().database.details(reference)  // the record learns where a moved run lies
      return run.lastCheckpoint
    }
    if FileManager.default.fileExists(atPath: reference) { return named }
    guard !reference.contains("/"), !reference.contains(".") else {
      throw LabError(.usage, "there is no file \(reference)", remedy: "check the path")
    }
    let (_, database) = try openDatabase()
    let run = try RunPlaces(database).folder(reference)
    guard FileManager.default.fileExists(atPath: run.lastCheckpoint.path) else {
      throw LabError(.usage, "run \(run.id) has kept no checkpoint", remedy: "name another run, or a file")
    }
    return run.lastCheckpoint
  }

  /// The runs that made this file; none outside a workspace.
  private func runs(of sum: String) throws -> [RunRecord] {
    guard let workspace = try? Workspace(), FileManager.default.fileExists(atPath: workspace.database.path)
    else { return [] }
    return try ExperimentDatabase(workspace.database, create: false).runs(thatMade: sum)
  }

  private func facts(of record: RunRecord) -> [[String]] {
    let git = record.git.map {
      ($0.commit ?? "none yet") + ($0.isDirty ? ", with changes that were not committed" : "")
    }
    return [
      ["command", record.command], ["commit", git ?? "not in a checkout"], ["host", record.host],
      ["started", Timestamp.readable(record.started)], ["time", record.seconds.map(durationText) ?? "-"],
      ["folder", record.folder.path],
    ] + (record.parent.map { [["began from", $0]] } ?? [])
      + flattened(record.machine).map { [$0.key, $0.value] }
  }

  private var heads: [String] {
    ["NAME", "TYPE", "SHAPE", "NUMBERS"] + (statistics ? ["MIN", "MEAN", "MAX"] : [])
  }

  private func row(_ tensor: WeightsTensor) throws -> [String] {
    let cells = [tensor.name.printable, tensor.dtype.rawValue, "\(tensor.shape)", grouped(tensor.count)]
    guard statistics else { return cells }
    guard tensor.count > 0, let numbers = try? tensor.floats() else { return cells + ["-", "-", "-"] }
    let mean = numbers.reduce(0.0) { $0 + Double($1) } / Double(numbers.count)
    return cells + [Double(numbers.min() ?? .nan), mean, Double(numbers.max() ?? .nan)].map(compact)
  }

  private func section(_ title: String, _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    print("\n\(title)\n\(aligned(rows))")
  }
}
