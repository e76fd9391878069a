import Foundation
import Utils

/// One request to a server and its answer, made by the program `curl`: it knows certificates and proxies, and a training
/// that needs no server does not load a library for it.
struct HTTPExchange {
  enum Body {
    case none
    case json(JSONValue)
    case file(URL)
  }

  /// Says who asks, such as `Authorization: Bearer ...`; goes to curl by a pipe, where no list of processes shows it.
  var authorization: String?
  /// A folder in which a request's body may lie for a moment.
  var folder: URL

  /// The status and body that the server answers; a `LabError` when it does not answer in time.
  ///
  /// A connection has two seconds. A request has five, a file as long as it goes on.
  func send(_ method: String, _ address: String, _ body: Body = .none) throws -> (status: Int, body: [UInt8])
  {
    var lines = [
      "url = \(quoted(address))", "request = \(quoted(method))", "silent", "globoff", "connect-timeout = 2",
      "proto = \"=http,https\"", "write-out = \"\\n%{http_code}\"",
    ]
    if Self.isLoopback(address) { lines.append("noproxy = \"*\"") }
    if let authorization { lines.append("header = \(quoted(authorization))") }
    var temporary: URL?
    defer { if let temporary { unlink(temporary.path) } }
    switch body {
    case .none: lines.append("max-time = 5")
    case .json(let value):
      let file = folder.appendingPathComponent(".request.json")
      try write(value.utf8(), to: file)
      temporary = file
      lines += [
        "max-time = 5", "header = \"Content-Type: application/json\"",
        "data-binary = \(quoted("@" + file.path))",
      ]
    case .file(let url):
      lines += [
        "upload-file = \(quoted(url.path))", "speed-limit = 1000", "speed-time = 5", "expect100-timeout = 1",
      ]
    }
    let config = Array(lines.joined(separator: "\n").utf8)
    let limit = if case .file = body { 3600.0 } else { 10.0 }
    guard
      let answer = ChildProcess.run(["curl", "--disable", "--config", "-"], input: config, timeout: limit)
    else { throw Self.noAnswer(address, "the program curl cannot be started") }
    let end = answer.output.lastIndex(of: UInt8(ascii: "\n")) ?? 0
    let status = Int(String(decoding: answer.output[end...].dropFirst(), as: UTF8.self)) ?? 0
    guard status > 0 else { throw Self.noAnswer(address, Self.reason(of: answer.status >> 8)) }
    return (status, Array(answer.output[..<end]))
  }

  private static func noAnswer(_ address: String, _ reason: String) -> LabError {
    let server = URL(string: address).map { "\($0.host() ?? "")\($0.port.map { ":\($0)" } ?? "")" } ?? address
    return LabError(.tracking, "\(server) did not answer: \(reason)", remedy: "look whether the server runs")
  }

  /// curl's exit codes, as its manual has them.
  private static func reason(of code: Int32) -> String {
    switch code {
    case 6: "its name is not known"
    case 7: "nothing listens there"
    case 26: "the file to be sent cannot be read"
    case 28: "it took too long"
    case 35, 51, 58, 60: "its certificate was not accepted"
    case 127: "the program curl is not installed"
    default: "curl ended with \(code)"
    }
  }

  private static func isLoopback(_ address: String) -> Bool {
    ["127.0.0.1", "localhost", "[::1]", "::1"].contains(URL(string: address)?.host() ?? "")
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").filter { !$0.isNewline } + "\""
  }
}
