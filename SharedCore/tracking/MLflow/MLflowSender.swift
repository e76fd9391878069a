import Foundation
import Utils

/// Sends what lies in a run's outbox, in order, and notes after each request how far the server is.
public struct MLflowSender {
  private let outbox: MLflowOutbox
  private let client: MLflowClient
  private var progress: MLflowOutbox.Progress

  /// A sender that goes on where the last one stopped; a `server` at another address hears everything.
  public init(_ outbox: MLflowOutbox, server: MLflowServer? = nil) throws {
    self.outbox = outbox
    progress = try outbox.progress()
    let server = try server ?? MLflowServer(noted: progress.server)
    if server.address != progress.server { progress = MLflowOutbox.Progress(server: server.address) }
    client = MLflowClient(server, folder: outbox.folder)
  }

  /// Sends everything that is there; throws what the server answered or that it did not, with what is left unsent kept.
  ///
  /// - Returns: how many lines were sent; nil when another process is sending them.
  public mutating func send() throws -> Int? {
    var copy = self
    defer { self = copy }
    do {
      return try outbox.alone {
        var count = 0
        while case let entries = try copy.outbox.entries(from: copy.progress.offset), !entries.isEmpty {
          count += try copy.send(entries)
        }
        return count
      }
    } catch let refusal as MLflowClient.Refusal {
      throw LabError(.tracking, refusal.description, remedy: "look at the server's log")
    }
  }

  /// Metrics that follow each other go together, at most so many as a request may have.
  private mutating func send(_ entries: [(entry: JSONValue, end: Int)]) throws -> Int {
    var gathered: (metrics: [JSONValue], end: Int) = ([], progress.offset)
    for (entry, end) in entries {
      let metrics = entry["metrics"]?.array ?? []
      if metrics.isEmpty || gathered.metrics.count + metrics.count > 500 { try tell(&gathered) }
      gathered.end = end
      if metrics.isEmpty {
        try send(entry)
        try advance(to: end)
      } else {
        gathered.metrics += metrics
      }
    }
    try tell(&gathered)
    return entries.count
  }

  private mutating func tell(_ gathered: inout (metrics: [JSONValue], end: Int)) throws {
    guard !gathered.metrics.isEmpty else { return }
    var rest = gathered.metrics[...]
    while !rest.isEmpty {
      try client.tell("runs/log-batch", run: try run(), ["metrics": .array(Array(rest.prefix(1000)))])
      rest = rest.dropFirst(1000)
    }
    gathered.metrics = []
    try advance(to: gathered.end)
  }

  private mutating func send(_ entry: JSONValue) throws {
    if let create = entry["create"] { try begin(create, entry) }
    if let path = entry["artifact"]?.string, let name = entry["as"]?.string {
      let file = absolute(path, from: outbox.run)
      // One that is gone since then is passed over: it would be missed for ever.
      guard FileManager.default.fileExists(atPath: file.path) else { return }
      try client.put(file, as: name, artifacts: progress.artifacts ?? "")
    }
    for key in ["params", "tags"] {
      var rest = (entry[key]?.array ?? [])[...]
      while !rest.isEmpty {
        try client.tell("runs/log-batch", run: try run(), [key: .array(Array(rest.prefix(100)))])
        rest = rest.dropFirst(100)
      }
    }
    if let end = entry["end"]?.object { try client.tell("runs/update", run: try run(), end) }
  }

  /// Makes the run, or finds it where the answer to the request that made it was lost.
  private mutating func begin(_ create: JSONValue, _ entry: JSONValue) throws {
    guard progress.runID == nil else { return }
    let experiment = try progress.experimentID ?? client.experiment(entry["experiment"]?.string ?? "Default")
    progress.experimentID = experiment
    let earlier =
      progress.isCreating ? try client.run(called: entry["id"]?.string ?? "", experiment: experiment) : nil
    progress.isCreating = true
    try outbox.note(progress)
    let run = try earlier ?? client.createRun(experiment: experiment, create)
    (progress.runID, progress.artifacts, progress.isCreating) = (run.id, run.artifacts, false)
    try outbox.note(progress)
  }

  private func run() throws -> String {
    guard let id = progress.runID else {
      throw LabError(
        .tracking, "\(outbox.folder.path) has lost the line that begins it", remedy: "remove the folder")
    }
    return id
  }

  private mutating func advance(to offset: Int) throws {
    progress.offset = offset
    try outbox.note(progress)
  }
}
