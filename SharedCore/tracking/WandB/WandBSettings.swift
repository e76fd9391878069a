import Foundation
import Utils

/// How a run shall appear in Weights & Biases: from flags, else from the environment variables of W&B's own client.
public struct WandBSettings: Equatable, Sendable {
  /// The project; nil for the model's name.
  public var project: String?
  /// The user or team that the project belongs to; nil for that of whoever synchronises.
  public var entity: String?
  /// What the run is called; nil for its experiment and id.
  public var name: String?
  /// Words to find it by; nil for those of the run.
  public var tags: [String]?
  /// What runs belong together.
  public var group: String?
  /// A word for the kind of work.
  public var jobType = "train"
  /// A text about the run.
  public var notes: String?
  /// The run's id in W&B; nil for its own.
  public var runID: String?
  /// The folder to make `wandb` in; nil for the run's own.
  public var folder: URL?

  /// Settings that leave everything to the run.
  public init() {}

  /// Settings as `environment` says; nil when it turns W&B off (`WANDB_MODE=disabled`, `WANDB_DISABLED=true`).
  ///
  /// Throws a usage error for a mode that W&B does not have. Runs are always recorded offline.
  public init?(environment: [String: String]) throws {
    func value(_ key: String) -> String? { environment["WANDB_\(key)"].flatMap { $0.isEmpty ? nil : $0 } }
    if let off = value("DISABLED"), !["false", "0"].contains(off.lowercased()) { return nil }
    let mode = value("MODE") ?? "offline"
    guard mode != "disabled" else { return nil }
    guard ["online", "offline", "dryrun", "shared"].contains(mode) else {
      throw LabError(.usage, "WANDB_MODE is \(mode)", remedy: "set it to offline or disabled")
    }
    (project, entity, name) = (value("PROJECT"), value("ENTITY"), value("NAME"))
    tags = value("TAGS").map(Self.words)
    (group, notes, runID) = (value("RUN_GROUP"), value("NOTES"), value("RUN_ID"))
    jobType = value("JOB_TYPE") ?? "train"
    folder = value("DIR").map { URL(fileURLWithPath: $0, isDirectory: true) }
  }

  /// Words separated by commas.
  public static func words(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// Refuses what W&B would refuse when the run is synchronised.
  public func check() throws {
    if let project {
      try Self.check("project", project, atMost: 128, without: "/\\#?%:")
    }
    if let runID { try Self.check("run id", runID, atMost: 128, without: "/\\#?%:;,'") }
    for tag in tags ?? [] { try Self.check("tag", tag, atMost: 64, without: "") }
    if let group { try Self.check("group", group, atMost: 128, without: "") }
  }

  private static func check(_ what: String, _ text: String, atMost length: Int, without letters: String)
    throws
  {
    let bad = text.first { letters.contains($0) }.map { "\($0)".quoted }
    guard bad == nil, text.count <= length, text == text.trimmingCharacters(in: .whitespaces) else {
      throw LabError(
        .usage,
        "the W&B \(what) \(text.quoted) \(bad.map { "has a \($0)" } ?? "is too long or ends in a blank")",
        remedy: "give at most \(length) letters\(letters.isEmpty ? "" : " and none of \(letters)")")
    }
  }
}
