import Foundation
import Testing
import Utils

@testable import Tracking

@Suite struct MLflowServerTests {
  private func server(_ text: String, _ environment: [String: String] = [:]) throws -> MLflowServer {
    try MLflowServer(text, flag: "--mlflow", environment: environment)
  }

  private func basic(_ text: String) -> String {
    "Authorization: Basic \(Data(text.utf8).base64EncodedString())"
  }

  @Test func whoAsksIsKeptApartFromTheAddress() throws {
    let named = try server("http://me:p%40ss@host:5000/")
    #expect(named.address == "http://host:5000" && named.authorization == basic("me:p@ss"))
    #expect(try server("http://host").authorization == nil)
  }

  @Test func whatIsNotTypedComesFromTheEnvironment() throws {
    let environment = ["MLFLOW_TRACKING_USERNAME": "you", "MLFLOW_TRACKING_PASSWORD": "word"]
    #expect(try server("http://host", environment).authorization == basic("you:word"))
    #expect(try server("http://me@host", environment).authorization == basic("me:word"))
    #expect(try server("http://me:***@host", environment).authorization == basic("me:word"))
    #expect(try server("http://me:mine@host", environment).authorization == basic("me:mine"))
    let token = ["MLFLOW_TRACKING_TOKEN": "t"]
    #expect(try server("http://host", token).authorization == "Authorization: Bearer t")
  }

  @Test(arguments: ["foo", "http://127.0.0.1:99999", "http://me:secret@", "ftp://host"])
  func anAddressThatIsNoneIsRefused(text: String) throws {
    let error = try labError { try server(text) }
    #expect(error.exitCode == 2 && !"\(error)".contains("secret"))
  }

  /// A server with accounts; `mlflow server --app-name basic-auth` answers so.
  private func guarded() throws -> LoopbackServer {
    let word = basic("me:secret")
    return try LoopbackServer { $0.headers.contains(word) ? mlflowAnswer($0) : .json(.null, status: 401) }
  }

  @Test func aPasswordReachesTheServerAndNoFile() throws {
    let server = try guarded()
    defer { server.stop() }
    try withFolder { outputs in
      let address = "http://me:secret@127.0.0.1:\(server.port)"
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      var run = sampleRun(id: folder.id)
      run = RunDescription(
        id: run.id, model: run.model, architecture: run.architecture, experiment: run.experiment,
        dataset: run.dataset, seed: run.seed, command: ["swift", "run", "train", "--mlflow", address],
        machine: run.machine)
      let files = FileTracker()
      let tracker = try MLflowTracker(server: address, environment: [:])
      try files.runStarts(run, in: folder)
      try tracker.runStarts(run, in: folder)
      try tracker.runEnds(sampleOutcome())
      try files.runEnds(sampleOutcome())
      #expect(try MLflowOutbox(ofRunIn: folder.url).isSent())
      #expect(try text(folder.command).contains("'http://me:***@127.0.0.1:\(server.port)'"))
      let all = try #require(FileManager.default.enumerator(atPath: folder.url.path)).allObjects
      for case let name as String in all {
        let bytes = (try? Data(contentsOf: folder.url.appending(path: name))) ?? Data()
        #expect(bytes.firstRange(of: Data("secret".utf8)) == nil, "\(name)")
      }
    }
  }

  @Test func anOlderOutboxGoesOnWhereItWas() throws {
    let old: JSONValue = ["server": "http://me:secret@host:1/", "offset": 7, "run_id": "r"]
    let progress = try #require(MLflowOutbox.Progress(old))
    #expect(progress.server == "http://host:1" && progress.offset == 7 && progress.runID == "r")
    #expect(!progress.json.text().contains("secret"))
  }

  @Test func aServerThatKnowsNobodyIsTold() throws {
    let server = try guarded()
    defer { server.stop() }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let tracker = try MLflowTracker(server: server.address, environment: [:])
      try tracker.runStarts(sampleRun(id: folder.id), in: folder)
      let unsent = try labError { try tracker.runEnds(sampleOutcome()) }
      #expect(unsent.cause.contains("wants a user and a password (401)"))

      let outbox = MLflowOutbox(ofRunIn: folder.url)
      let wrong = try MLflowServer("http://me:wrong@127.0.0.1:\(server.port)", flag: "--to")
      var refused = try MLflowSender(outbox, server: wrong)
      let error = try labError { try refused.send() }
      #expect(error.cause.contains("does not accept this user and password (401)"))
      #expect(error.remedy.contains("MLFLOW_TRACKING_USERNAME"))
      let right = try MLflowServer("http://me:secret@127.0.0.1:\(server.port)", flag: "--to")
      var sender = try MLflowSender(outbox, server: right)
      #expect(try sender.send() ?? 0 > 0)
      #expect(try outbox.isSent())
    }
  }
}
