import Foundation
import Utils

/// What is said to an MLflow server (its REST interface, version 2.0).
struct MLflowClient {
  private let server: String
  private let exchange: HTTPExchange

  /// A client of `server` that keeps the body of a request in `folder` for a moment.
  init(_ server: MLflowServer, folder: URL) {
    self.server = server.address
    exchange = HTTPExchange(authorization: server.authorization, folder: folder)
  }

  /// The id of the experiment called `name`, which is made, or brought back if it was deleted.
  func experiment(_ name: String) throws -> String {
    if let found = try existing(name) { return found }
    do {
      let made = try ask("POST", "experiments/create", .json(["name": .string(name)]))
      if let id = made["experiment_id"]?.string { return id }
    } catch let refusal as Refusal where refusal.code == "RESOURCE_ALREADY_EXISTS" {
      if let found = try existing(name) { return found }  // another process was faster
    }
    throw strange("experiments/create")
  }

  private func existing(_ name: String) throws -> String? {
    do {
      let answer = try ask("GET", "experiments/get-by-name?experiment_name=\(encoded(name))")
      guard let experiment = answer["experiment"], let id = experiment["experiment_id"]?.string else {
        throw strange("experiments/get-by-name")
      }
      if experiment["lifecycle_stage"]?.string == "deleted" {
        _ = try ask("POST", "experiments/restore", .json(["experiment_id": .string(id)]))
      }
      return id
    } catch let refusal as Refusal where refusal.code == "RESOURCE_DOES_NOT_EXIST" {
      return nil
    }
  }

  /// Creates a run, and gives its id and where it wants its files.
  func createRun(experiment: String, _ body: JSONValue) throws -> (id: String, artifacts: String) {
    let whole = (body.object ?? [:]).merging(["experiment_id": .string(experiment)]) { $1 }
    let answer = try ask("POST", "runs/create", .json(.object(whole)))
    guard let run = Self.run(answer["run"]) else { throw strange("runs/create") }
    return run
  }

  /// The run that this workspace calls `id`, created by a request whose answer was lost.
  func run(called id: String, experiment: String) throws -> (id: String, artifacts: String)? {
    let body: JSONValue = [
      "experiment_ids": [.string(experiment)], "filter": .string("tags.`lab.run` = '\(id)'"),
      "max_results": 1,
    ]
    return try Self.run(ask("POST", "runs/search", .json(body))["runs"]?.array?.first)
  }

  private static func run(_ json: JSONValue?) -> (id: String, artifacts: String)? {
    guard let info = json?["info"], let id = info["run_id"]?.string else { return nil }
    return (id, info["artifact_uri"]?.string ?? "")
  }

  /// Tells the run's end or a batch of its metrics, parameters and tags.
  func tell(_ request: String, run: String, _ body: [String: JSONValue]) throws {
    _ = try ask("POST", request, .json(.object(body.merging(["run_id": .string(run)]) { $1 })))
  }

  /// Puts a file where the run's artifacts lie, through the server.
  func put(_ file: URL, as path: String, artifacts: String) throws {
    guard artifacts.hasPrefix("mlflow-artifacts:") else {
      throw LabError(
        .tracking, "the MLflow server keeps files in \(artifacts.quoted) and does not take them itself",
        remedy: "start it with --serve-artifacts")
    }
    // mlflow-artifacts:/<path>, or mlflow-artifacts://host:port/<path>
    var root = artifacts.dropFirst("mlflow-artifacts:".count)
    if root.hasPrefix("//") { root = root.dropFirst(2).drop { $0 != "/" } }
    let whole = "\(root)/\(path)".split(separator: "/").map { encoded(String($0)) }.joined(separator: "/")
    try check(
      exchange.send("PUT", "\(server)/api/2.0/mlflow-artifacts/artifacts/\(whole)", .file(file)), "artifacts")
  }

  /// A refusal in the server's own words.
  struct Refusal: Error, CustomStringConvertible {
    var request: String
    var status: Int
    var code: String
    var message: String
    var description: String {
      "the MLflow server answered \(request) with \(status)\(code.isEmpty ? "" : " \(code)"): \(message)"
    }
  }

  private func ask(_ method: String, _ request: String, _ body: HTTPExchange.Body = .none) throws -> JSONValue
  {
    let answer = try exchange.send(method, "\(server)/api/2.0/mlflow/\(request)", body)
    try check(answer, String(request.prefix { $0 != "?" }))
    guard let json = try? JSONValue(parsing: answer.body) else { throw strange(request) }
    return json
  }

  private func check(_ answer: (status: Int, body: [UInt8]), _ request: String) throws {
    guard answer.status != 200 else { return }
    guard answer.status != 401 else { throw unknownUser }
    let json = try? JSONValue(parsing: answer.body)
    throw Refusal(
      request: request, status: answer.status, code: json?["error_code"]?.string ?? "",
      message: String((json?["message"]?.string ?? "no reason was given").prefix(200)))
  }

  private var unknownUser: LabError {
    let problem =
      exchange.authorization == nil ? "wants a user and a password" : "does not accept this user and password"
    return LabError(
      .tracking, "the MLflow server \(server) \(problem) (401)",
      remedy:
        "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or give --to http://user:password@host, with: lab mlflow push"
    )
  }

  private func strange(_ request: String) -> LabError {
    LabError(
      .tracking, "\(server) does not answer \(request) as an MLflow server does",
      remedy: "look at the address")
  }

  private func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", ".", "_", "~"])) ?? text
  }
}
