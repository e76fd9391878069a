import Foundation
import Utils

/// An offline run that is being written.
struct WandBRun {
  private struct Row {
    var step: Int
    var items: WandBItems
  }

  private let facts: WandBFacts
  private let runFolder: RunFolder
  private let folder, files: URL
  private let log: WriteBehind<[UInt8]>
  private var records = WandBRecords()
  /// The newest row: W&B takes one a step, and what comes later for the same step belongs to it.
  private var row: Row?
  private var summary = WandBItems()
  private var console: LogTail
  private var sinceTelling = Stopwatch()
  private var processorSeconds = 0.0

  /// Makes `wandb/offline-run-<time>-<id>/`, whose name tells the client that it was not online, and begins the log.
  init(_ settings: WandBSettings, _ run: RunDescription, _ runFolder: RunFolder) throws {
    let id = settings.runID ?? run.id
    let base = settings.folder?.appendingPathComponent("wandb", isDirectory: true) ?? runFolder.wandb
    let time = Timestamp.folderName(run.started).replacing("-", with: "_")
    folder = base.appendingPathComponent("offline-run-\(time)-\(id)", isDirectory: true).absoluteURL
    files = folder.appendingPathComponent("files", isDirectory: true)
    guard makeFolders(files) else { throw cannotWrite(files, systemReason()) }
    self.runFolder = runFolder
    facts = WandBFacts(run: run, settings: settings, id: id)
    console = LogTail(of: runFolder.log)
    let file = folder.appendingPathComponent("run-\(id).wandb")
    log = WriteBehind { try append(Array($0.joined()), to: file) }
    try log.append(records.beginning())
    try log.append(records.record(.run, facts.addRun))
    try log.append(records.record(.environment, facts.addEnvironment))
  }

  /// Writes the files that people read without the log.
  func describe() throws {
    try write(facts.configFile, to: files.appendingPathComponent("config.yaml"))
    try write(facts.metadataFile, to: files.appendingPathComponent("wandb-metadata.json"))
  }

  mutating func log(_ metrics: [(name: String, value: Double)], step: Int, epoch: Int) throws {
    if let row, step > row.step { try endRow() }
    var items = row?.items ?? WandBItems()
    items["epoch"] = String(epoch)
    for (name, value) in metrics { items[name] = WandBItems.json(value) }
    let now = Date()
    items["_runtime"] = WandBItems.json(now.timeIntervalSince(facts.run.started))
    items["_timestamp"] = WandBItems.json(now.timeIntervalSince1970)
    row = Row(step: max(step, row?.step ?? 0), items: items)
    if sinceTelling.seconds > 10 { try tell() }
  }

  mutating func take(_ artifact: Artifact) throws {
    switch artifact.kind {
    case "picture" where artifact.url.pathExtension == "png":
      let picture = try WandBPicture(artifact.url, step: row?.step ?? 0, in: files)
      try log.append(
        records.record(.files) {
          $0.add(1) {
            $0.add(1, picture.path)
            $0.add(2, 0)
            $0.add(3, 0)
          }
        })
      if row == nil { row = Row(step: 0, items: WandBItems()) }
      row?.items[picture.key] = picture.json
    case "checkpoint" where artifact.url.lastPathComponent == runFolder.lastCheckpoint.lastPathComponent:
      let run = facts.run
      let staged = try WandBArtifact(artifact.url, name: "\(run.model)-\(run.experiment)", under: folder)
      let metadata: JSONValue = [
        "run": .string(run.id), "architecture": .string(run.architecture),
        "experiment": .string(run.experiment), "sha256": artifact.sha256.map(JSONValue.string) ?? .null,
      ]
      var body = ProtobufMessage()
      let project = facts.settings.project ?? run.model
      try staged.add(to: &body, run: facts.id, project: project, metadata: metadata)
      try log.append(records.record(.artifact) { $0 = body })
    default: break
    }
  }

  mutating func end(_ outcome: RunOutcome) throws {
    try endRow()
    for (name, value) in outcome.summary { summary[name] = WandBItems.json(value) }
    summary["_runtime"] = WandBItems.json(outcome.seconds)
    summary["_wandb"] = #"{"runtime":\#(Int(outcome.seconds))}"#
    try tell()
    if outcome.status == .failed, let reason = outcome.reason {
      try say([LogTail.Line(time: outcome.ended, text: "error: \(reason)")], isError: true)
    }
    try log.append(
      records.record(.exit) {
        $0.add(1, Int(outcome.exitCode))
        $0.add(2, Int(outcome.seconds))
      })
    try write(summary.object, to: files.appendingPathComponent("wandb-summary.json"))
    try log.flush()
  }

  /// The newest row is complete.
  private mutating func endRow() throws {
    guard var row else { return }
    self.row = nil
    row.items["_step"] = String(row.step)
    summary.merge(row.items)
    try log.append(
      records.record(.history) {
        row.items.add(to: &$0)
        $0.add(2) { $0.add(1, row.step) }
      })
  }

  /// What is told every few seconds and at the end: the summary, the console, and how much the process takes.
  private mutating func tell() throws {
    let passed = sinceTelling.seconds
    sinceTelling = Stopwatch()
    try log.append(records.record(.summary) { summary.add(to: &$0) })
    try say(console.newLines())
    let used = MachineFacts.processorSeconds()
    let seconds = used.user + used.system
    let share =
      100 * (seconds - processorSeconds) / max(passed, 0.001) / Double(max(facts.run.machine.cores, 1))
    processorSeconds = seconds
    try log.append(
      records.record(.stats) {
        $0.add(1, 0)
        $0.add(2, Date())
        for (key, value) in [
          ("proc.memory.rssMB", Double(MachineFacts.residentMemory()) / 1_048_576), ("cpu", share),
        ] {
          $0.add(3) {
            $0.add(1, key)
            $0.add(16, WandBItems.json(value))
          }
        }
      })
  }

  private mutating func say(_ lines: [LogTail.Line], isError: Bool = false) throws {
    for line in lines {
      try log.append(
        records.record(.output) {
          $0.add(1, isError ? 0 : 1)
          $0.add(2, line.time ?? Date())
          $0.add(3, line.text + "\n")
        })
    }
    let text = lines.map { $0.text + "\n" }.joined()
    try append(Array(text.utf8), to: files.appendingPathComponent("output.log"))
  }
}
