import Foundation
import Utils

/// The folder that holds everything a run leaves behind: `<outputs>/<experiment>/<yyyymmdd-hhmmss>-<id>/`.
public struct RunFolder: Equatable, Sendable {
  /// The folder itself.
  public let url: URL
  /// Six lowercase letters and digits that name the run everywhere; the end of the folder's name.
  public let id: String

  /// Every resolved setting of the run, and where and by whom it was started.
  public var config: URL { url.appendingPathComponent("config.yaml") }
  /// The command line, ready to be pasted into a shell.
  public var command: URL { url.appendingPathComponent("command.txt") }
  /// What the console said.
  public var log: URL { url.appendingPathComponent("log.txt") }
  /// One JSON object a line, a line for each step that logged metrics.
  public var metricsLines: URL { url.appendingPathComponent("metrics.jsonl") }
  /// The same metrics as a table.
  public var metricsTable: URL { url.appendingPathComponent("metrics.csv") }
  /// The result and its provenance.
  public var results: URL { url.appendingPathComponent("results.json") }
  /// The page for a reader, complete in one file.
  public var report: URL { url.appendingPathComponent("report.html") }
  /// The folder of checkpoints.
  public var models: URL { url.appendingPathComponent("models", isDirectory: true) }
  /// The checkpoint of the last epoch.
  public var lastCheckpoint: URL { models.appendingPathComponent("last.safetensors") }
  /// The checkpoint of the best epoch.
  public var bestCheckpoint: URL { models.appendingPathComponent("best.safetensors") }
  /// The folder of pictures.
  public var visualizations: URL { url.appendingPathComponent("visualizations", isDirectory: true) }

  /// The folder of TensorBoard's event files.
  public var tensorboard: URL { url.appendingPathComponent("tensorboard", isDirectory: true) }
  /// The folder in which Weights & Biases looks for runs.
  public var wandb: URL { url.appendingPathComponent("wandb", isDirectory: true) }

  /// The run folder at `url`, or nil if neither its name, `<yyyymmdd-hhmmss>-<id>`, nor the results in it say which run it holds.
  public init?(at url: URL) {
    guard let id = RunFolder.id(ofFolderNamed: url.lastPathComponent) ?? RunFolder.recordedID(in: url) else {
      return nil
    }
    (self.url, self.id) = (url, id)
  }

  /// The id that the results of a renamed folder hold.
  private static func recordedID(in url: URL) -> String? {
    guard let bytes = try? Data(contentsOf: url.appendingPathComponent("results.json")),
      let id = (try? JSONValue(parsing: bytes))?["id"]?.string, isID(id)
    else { return nil }
    return id
  }

  private static func isID(_ text: some StringProtocol) -> Bool {
    text.count == 6 && text.allSatisfy { "0"..."9" ~= $0 || "a"..."z" ~= $0 }
  }

  /// Makes the folder of a new run with `models/` and `visualizations/`, and moves `<outputs>/latest` to it.
  ///
  /// The name is local time and a random id; a name that another process took in the same moment is drawn again.
  /// Throws a `LabError` that names the folder when it cannot be made, or when a symbolic link stands in the place of the
  /// experiment's; `outputs` itself may be one.
  public static func create(under outputs: URL, experiment: String, at date: Date = Date()) throws
    -> RunFolder
  {
    guard !experiment.isEmpty, !experiment.hasPrefix("."), experiment != "latest", !experiment.contains("/"),
      !experiment.utf8.contains(0)
    else {
      throw LabError(
        .config, "the experiment name \(experiment.quoted) cannot name a folder",
        remedy: "use letters, digits, '-' and '_'")
    }
    let parent = outputs.appendingPathComponent(experiment, isDirectory: true)
    try OutputLinks.refuse(at: parent)
    guard makeFolders(parent) else { throw cannotCreate(parent, outputs, systemReason()) }
    while true {
      let id = randomID()
      let url = parent.appendingPathComponent("\(Timestamp.folderName(date))-\(id)", isDirectory: true)
      guard mkdir(url.path, 0o777) == 0 else {
        if errno == EEXIST { continue }
        throw cannotCreate(url, outputs, systemReason())
      }
      let folder = RunFolder(url: url, id: id)
      for inner in [folder.models, folder.visualizations] where mkdir(inner.path, 0o777) != 0 {
        throw cannotCreate(inner, outputs, systemReason())
      }
      try folder.becomeLatest(in: outputs)
      return folder
    }
  }

  /// The id at the end of a run folder's name, or nil if `name` is not one.
  static func id(ofFolderNamed name: String) -> String? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 8, parts[1].count == 6, isID(parts[2]) else { return nil }
    return (parts[0] + parts[1]).allSatisfy { "0"..."9" ~= $0 } ? String(parts[2]) : nil
  }

  private init(url: URL, id: String) { (self.url, self.id) = (url, id) }

  private static func randomID() -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    return String((0..<6).map { _ in letters.randomElement(using: &generator)! })
  }

  /// A link beside its place, then a rename over it: a reader finds the old run or the new one, never none.
  public func becomeLatest(in outputs: URL) throws {
    let target = "\(url.deletingLastPathComponent().lastPathComponent)/\(url.lastPathComponent)"
    let latest = outputs.appendingPathComponent("latest")
    let beside = outputs.appendingPathComponent(".latest-\(id)")
    guard symlink(target, beside.path) == 0, rename(beside.path, latest.path) == 0 else {
      let reason = systemReason()
      unlink(beside.path)
      throw LabError(
        .tracking, "the link \(latest.relativePath) cannot be moved to the new run: \(reason)",
        remedy: "remove what stands in its place, or choose another folder with --output-dir")
    }
  }

  private static func cannotCreate(_ url: URL, _ outputs: URL, _ reason: String) -> LabError {
    LabError(
      .tracking, "the run's folder \(url.relativePath) cannot be made: \(reason)",
      remedy: "make \(outputs.relativePath) writable, or choose another folder with --output-dir")
  }
}
