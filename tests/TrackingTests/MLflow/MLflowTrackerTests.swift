import Foundation
import Synchronization
import Testing
import Utils

@testable import Tracking

@Suite struct MLflowTrackerTests {
  /// A run of three steps with a picture and a checkpoint; gives the error of its end.
  @discardableResult
  private func train(_ server: String, in outputs: URL, folder: RunFolder) throws -> LabError? {
    let tracker = try MLflowTracker(server: server, environment: [:])
    try tracker.runStarts(sampleRun(id: folder.id, tags: ["b"]), in: folder)
    let clock = ContinuousClock()
    let seconds = try clock.measure {
      try tracker.log([("train_loss", 0.5), ("val loss (%)", .nan)], step: 1, epoch: 1)
      try tracker.log([("train_loss", .infinity)], step: 2, epoch: 1)
      for step in 3...1500 { try tracker.log([("train_loss", 0.25)], step: step, epoch: 2) }
    }
    #expect(seconds < .milliseconds(500), "training must not wait")
    try write("name: x\n", to: folder.config)
    for (url, kind) in [
      (folder.visualizations.appending(path: "a curve.png"), "picture"),
      (folder.visualizations.appending(path: "a curve.svg"), "picture"),
      (folder.lastCheckpoint, "checkpoint"),
    ] {
      try Data(kind.utf8).write(to: url)
      try tracker.artifact(Artifact(url: url, kind: kind))
    }
    do {
      try tracker.runEnds(sampleOutcome())
      return nil
    } catch let error as LabError {
      return error
    }
  }

  private func expectAll(_ requests: [LoopbackServer.Request]) throws {
    let create = try #require(requests.last { $0.name == "runs/create" }?.json)
    #expect(create["experiment_id"] == "7" && create["start_time"]?.int == 1_795_242_093_250)
    let tags = create["tags"]?.array ?? []
    #expect(tags.contains { $0["key"] == "mlflow.source.git.commit" && $0["value"] == "2f1a" })
    #expect(tags.contains { $0["key"] == "tag.b" })
    let batches = requests.filter { $0.name == "runs/log-batch" }.map(\.json)
    #expect(batches.allSatisfy { $0["run_id"] == "r1" })
    #expect(batches.allSatisfy { ($0["metrics"]?.array?.count ?? 0) <= 1000 })
    let parameters = batches.flatMap { $0["params"]?.array ?? [] }
    #expect(parameters.contains { $0["key"] == "optimizer.learning_rate" && $0["value"] == "0.1" })
    #expect(Set(parameters.compactMap { $0["key"]?.string }).count == parameters.count)
    let metrics = batches.flatMap { $0["metrics"]?.array ?? [] }
    #expect(metrics.count == 1502)
    #expect(metrics[0]["key"] == "train_loss" && metrics[0]["value"] == 0.5 && metrics[0]["step"] == 1)
    #expect(metrics[1]["key"] == "val loss ___" && metrics[1]["value"] == "NaN")
    #expect(metrics[2]["value"] == "Infinity")
    #expect(metrics.allSatisfy { ($0["timestamp"]?.int ?? 0) > 1_700_000_000_000 })
    #expect(metrics.last?["key"] == "summary/all_accuracy" && metrics.last?["step"] == 1500)
    let files = requests.filter { $0.method == "PUT" }
    let root = "/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/"
    #expect(
      files.map(\.path)
        == ["pictures/a%20curve.png", "models/last.safetensors", "config.yaml"].map { root + $0 })
    #expect(files.first?.body == Array("picture".utf8))
    let end = try #require(requests.last)
    #expect(end.name == "runs/update" && end.json["status"] == "FINISHED")
    #expect(end.json["end_time"]?.int == 1_795_242_095_250)
  }

  @Test func aWholeRunArrives() throws {
    let server = try LoopbackServer(answer: mlflowAnswer)
    defer { server.stop() }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      #expect(try train(server.address, in: outputs, folder: folder) == nil)
      try expectAll(server.requests)
      let names = server.requests.prefix(3).map(\.name)
      #expect(names == ["experiments/get-by-name", "experiments/create", "runs/create"])
      #expect(server.requests[0].path.hasSuffix("?experiment_name=01_perceptron%2Fxor"))
      #expect(try MLflowOutbox(ofRunIn: folder.url).isSent())
      var again = try MLflowSender(MLflowOutbox(ofRunIn: folder.url))
      #expect(try again.send() == 0, "nothing twice")
    }
  }

  /// A server that is not there, that is angry, that is silent, and that hangs up in the middle.
  @Test(arguments: ["down", "500", "silent", "hangs up", "refuses"])
  func whatAServerDoesNotTakeIsKept(trouble: String) throws {
    let server = try LoopbackServer { request in
      switch trouble {
      case "500": .json(["error_code": "INTERNAL_ERROR", "message": "ouch"], status: 500)
      case "silent": .silence
      case "hangs up": request.name == "runs/log-batch" ? .hangUp : mlflowAnswer(request)
      default: request.method == "PUT" ? .json(.null, status: 403) : mlflowAnswer(request)
      }
    }
    if trouble == "down" { server.stop() }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      var error: LabError?
      let seconds = try ContinuousClock().measure {
        error = try train(server.address, in: outputs, folder: folder)
      }
      #expect(seconds < .seconds(30))
      let remedy = try #require(error).remedy
      #expect(remedy == "send what is left with: lab mlflow push \(folder.id)")
      if trouble == "500" { #expect(error?.cause.contains("500 INTERNAL_ERROR: ouch") == true) }
      if trouble != "down" { server.stop() }

      let better = try LoopbackServer(port: server.port, answer: mlflowAnswer)
      defer { better.stop() }
      let outbox = MLflowOutbox(ofRunIn: folder.url)
      #expect(try !outbox.isSent())
      var sender = try MLflowSender(outbox)
      #expect(try sender.send() ?? 0 > 0)
      #expect(try outbox.isSent())
      let both = ["hangs up", "refuses"].contains(trouble) ? server.requests : []
      let taken = both.filter { trouble == "refuses" ? $0.method != "PUT" : $0.name != "runs/log-batch" }
      try expectAll(taken + better.requests)
    }
  }

  /// The answer to the request that made the run was lost: it is looked for, and not made again.
  @Test func aRunIsNotMadeTwice() throws {
    let isFirst = Mutex(true)
    let server = try LoopbackServer { request in
      switch request.name {
      case "runs/create": isFirst.withLock { first in first.toggleOff() } ? .hangUp : mlflowAnswer(request)
      case "runs/search":
        .json(["runs": [["info": ["run_id": "r1", "artifact_uri": "mlflow-artifacts:/7/r1/artifacts"]]]])
      default: mlflowAnswer(request)
      }
    }
    defer { server.stop() }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      #expect(try train(server.address, in: outputs, folder: folder) != nil)
      var sender = try MLflowSender(MLflowOutbox(ofRunIn: folder.url))
      let count = try sender.send() ?? 0
      #expect(count > 0)
      #expect(server.requests.count { $0.name == "runs/create" } == 1)
      let search = try #require(server.requests.first { $0.name == "runs/search" }?.json)
      #expect(search["filter"]?.string == "tags.`lab.run` = '\(folder.id)'")
      try expectAll(server.requests)
    }
  }

  @Test func aServerThatDoesNotKeepFilesIsNamed() throws {
    let server = try LoopbackServer { request in
      request.name == "runs/create"
        ? .json(["run": ["info": ["run_id": "r1", "artifact_uri": "s3://bucket/7"]]]) : mlflowAnswer(request)
    }
    defer { server.stop() }
    try withFolder { outputs in
      let folder = try RunFolder.create(under: outputs, experiment: "xor")
      let error = try #require(try train(server.address, in: outputs, folder: folder))
      #expect(error.cause.contains("keeps files in \"s3://bucket/7\" and does not take them itself"))
    }
  }

  @Test func aSecretGoesToTheServerAlone() throws {
    let server = try LoopbackServer(answer: mlflowAnswer)
    defer { server.stop() }
    try withFolder { folder in
      let environment = ["MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "secret"]
      let address = try MLflowServer(server.address + "/", flag: "--mlflow", environment: environment)
      let client = MLflowClient(address, folder: folder)
      let id = try client.experiment("x")
      #expect(id == "7")
      #expect(server.requests[0].headers.contains("Authorization: Basic bWU6c2VjcmV0"))
      #expect(server.requests[0].path.hasPrefix("/api/2.0"))
    }
  }

  @Test(arguments: ["", "localhost:5000", "file:///tmp/x", "http://"])
  func anAddressThatIsNoneIsRefusedAtOnce(server: String) throws {
    let error = try labError { try MLflowTracker(server: server, environment: [:]) }
    #expect(error.exitCode == 2)
  }

  @Test func aLineMayBeLongAndOneThatIsNotWholeWaits() throws {
    try withFolder { folder in
      let outbox = MLflowOutbox(ofRunIn: folder)
      let long = JSONValue.string(String(repeating: "x", count: 5000))
      try outbox.begin(server: "http://127.0.0.1:1", long)
      try outbox.add([1, 2])
      try append(Array("[3".utf8), to: outbox.folder.appending(path: "outbox.jsonl"))
      let first = try outbox.entries(from: 0, limit: 100)
      #expect(first.map(\.entry).first == long)
      let rest = try outbox.entries(from: first[0].end, limit: 4)
      #expect(rest.map(\.entry) == [1, 2])
      #expect(try outbox.entries(from: rest[1].end, limit: 4).isEmpty)
    }
  }

  @Test func aRunWithoutMLflowHasNothingToPush() throws {
    try withFolder { folder in
      let error = try labError { try MLflowSender(MLflowOutbox(ofRunIn: folder)) }
      #expect(error.cause.hasSuffix("has no record for MLflow"))
    }
  }
}

extension Bool {
  /// What it was; false from now on.
  fileprivate mutating func toggleOff() -> Bool {
    defer { self = false }
    return self
  }
}
