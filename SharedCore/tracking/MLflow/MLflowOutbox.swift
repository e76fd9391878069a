import Foundation
import Utils

/// What a run has to tell an MLflow server, and how much of it the server has: the folder `mlflow` of the run.
///
/// `outbox.jsonl` has a line for each thing to tell, in order; `sent.json` says whom it is for and how many bytes of it the
/// server has taken. A run whose server was away keeps both, and `lab mlflow push` goes on from there.
public struct MLflowOutbox: Sendable {
  /// The run's folder.
  let run: URL
  /// The folder `mlflow` in it.
  let folder: URL

  private var lines: URL { folder.appendingPathComponent("outbox.jsonl") }
  private var mark: URL { folder.appendingPathComponent("sent.json") }

  /// The outbox of the run in `run`, which need not have one yet.
  public init(ofRunIn run: URL) {
    self.run = run
    folder = run.appendingPathComponent("mlflow", isDirectory: true)
  }

  /// How far the server is.
  struct Progress: Equatable {
    var server: String
    var experimentID: String?
    var runID: String?
    /// Where the server wants the run's files.
    var artifacts: String?
    /// A run may have been created whose id did not come back.
    var isCreating = false
    /// Bytes of the outbox that the server has.
    var offset = 0

    var json: JSONValue {
      [
        "server": .string(server), "experiment_id": experimentID.map(JSONValue.string) ?? nil,
        "run_id": runID.map(JSONValue.string) ?? nil, "artifacts": artifacts.map(JSONValue.string) ?? nil,
        "creating": .bool(isCreating), "offset": .integer(Int64(offset)),
      ]
    }

    init(server: String) { self.server = server }

    init?(_ json: JSONValue) {
      guard let server = json["server"]?.string, let offset = json["offset"]?.int, offset >= 0 else {
        return nil
      }
      // Older outboxes have the address as it was typed.
      self.server = (try? MLflowServer(noted: server, environment: [:]))?.address ?? server
      self.offset = offset
      (experimentID, runID) = (json["experiment_id"]?.string, json["run_id"]?.string)
      (artifacts, isCreating) = (json["artifacts"]?.string, json["creating"]?.bool ?? false)
    }
  }

  /// Makes the folder for a run that `server` shall hear of, with the first line to tell.
  func begin(server: String, _ first: JSONValue) throws {
    guard makeFolders(folder) else { throw cannotWrite(folder, systemReason()) }
    try write(Progress(server: server).json.text() + "\n", to: mark)
    try add([first])
  }

  /// Adds lines: all or none.
  func add(_ entries: [JSONValue]) throws {
    try append(Array(entries.map { $0.text() + "\n" }.joined().utf8), to: lines)
  }

  /// How far the server is; throws where the run was not trained with `--mlflow`.
  func progress() throws -> Progress {
    guard let bytes = try? Data(contentsOf: mark), let json = try? JSONValue(parsing: Array(bytes)),
      let progress = Progress(json)
    else {
      throw LabError(
        .tracking, "\(run.lastPathComponent) has no record for MLflow",
        remedy: "train with --mlflow and the address of a server")
    }
    return progress
  }

  /// Notes how far the server is.
  func note(_ progress: Progress) throws {
    try AtomicFile.write(progress.json.text() + "\n", to: mark, kind: .tracking)
  }

  /// The whole lines from byte `offset` on, at most about `limit` bytes of them, each with the byte after its end.
  func entries(from offset: Int, limit: Int = 1 << 18) throws -> [(entry: JSONValue, end: Int)] {
    guard let file = try? FileHandle(forReadingFrom: lines) else { return [] }
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    guard let data = try file.read(upToCount: limit) else { return [] }
    var (found, start): ([(JSONValue, Int)], Int) = ([], data.startIndex)
    while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
      found.append((try JSONValue(parsing: Array(data[start..<end])), offset + end + 1 - data.startIndex))
      start = end + 1
    }
    // A line that is longer than the piece: a larger one.
    return found.isEmpty && data.count == limit ? try entries(from: offset, limit: 2 * limit) : found
  }

  /// Whether the server has everything.
  public func isSent() throws -> Bool { try entries(from: progress().offset).isEmpty }

  /// Runs `body` while no other process sends this run; nil when one does.
  func alone<Value>(_ body: () throws -> Value) throws -> Value? {
    try OutputLinks.refuse(at: folder)
    let lock = folder.appendingPathComponent(".lock").path
    let file = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw cannotWrite(folder, systemReason()) }
    defer { close(file) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return nil }
    // Said outright: a program that another thread starts just now holds the file for a moment longer than we do.
    defer { flock(file, LOCK_UN) }
    return try body()
  }
}
