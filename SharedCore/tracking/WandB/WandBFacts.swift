import Foundation
import Utils

/// What W&B is told of a run at its start: its settings, its code and its machine.
struct WandBFacts {
  let run: RunDescription
  let settings: WandBSettings
  /// The run's id in W&B.
  let id: String

  /// The body of the run record.
  func addRun(to record: inout ProtobufMessage) {
    record.add(1, id)
    if let entity = settings.entity { record.add(2, entity) }
    record.add(3, settings.project ?? run.model)
    record.add(4) { config.add(to: &$0) }
    if let group = settings.group { record.add(6, group) }
    record.add(7, settings.jobType)
    record.add(8, settings.name ?? "\(run.experiment)-\(run.id)")
    if let notes = settings.notes { record.add(9, notes) }
    for tag in settings.tags ?? run.tags { record.add(10, String(tag.prefix(64))) }
    record.add(13, run.machine.host)
    record.add(17, run.started)
    if let commit = run.git?.commit { record.add(21) { $0.add(2, commit) } }
  }

  /// The body of the environment record.
  func addEnvironment(to record: inout ProtobufMessage) {
    record.add(1, run.machine.system)
    record.add(3, run.started)
    for argument in run.command.dropFirst(3) { record.add(5, argument) }
    record.add(6, run.command.prefix(3).joined(separator: " "))
    if let commit = run.git?.commit { record.add(9) { $0.add(2, commit) } }
    record.add(12, run.machine.host)
    record.add(14, CommandLine.arguments.first ?? "train")
    record.add(16, run.machine.cores)
    record.add(17, run.machine.cores)
    record.add(199, run.id)
  }

  /// Every setting of the run, its seed, and what it began from.
  var config: WandBItems {
    var items = WandBItems()
    for (key, value) in (run.config.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      items[key] = value.text()
    }
    items["dataset"] = JSONValue.string(run.dataset).text()
    items["seed"] = String(run.seed)
    items["libraries"] = JSONValue.object(run.libraries.mapValues(JSONValue.string)).text()
    if let parent = run.parent { items["parent_checkpoint"] = JSONValue.string(parent).text() }
    if let git = run.git { items["git_dirty"] = git.isDirty ? "true" : "false" }
    return items
  }

  /// The text of `files/config.yaml`, with JSON for values, which is YAML too.
  var configFile: String { config.items.map { "\($0.key):\n  value: \($0.json)\n" }.joined() }

  /// The text of `files/wandb-metadata.json`.
  var metadataFile: String {
    var members: [String: JSONValue] = [
      "os": .string(run.machine.system), "startedAt": .string(Timestamp.iso8601(run.started)),
      "args": .array(run.command.dropFirst(3).map(JSONValue.string)),
      "program": .string(run.command.prefix(3).joined(separator: " ")),
      "executable": .string(CommandLine.arguments.first ?? "train"),
      "host": .string(run.machine.host), "cpu_count": .integer(Int64(run.machine.cores)),
      "cpu_count_logical": .integer(Int64(run.machine.cores)), "cpu": .string(run.machine.cpu),
      "memory": ["total": .string(String(run.machine.memory))], "swift": .string(run.machine.swift),
    ]
    if let commit = run.git?.commit { members["git"] = ["commit": .string(commit)] }
    return JSONValue.object(members).text(pretty: true) + "\n"
  }
}
