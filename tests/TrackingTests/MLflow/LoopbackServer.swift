import Foundation
import Synchronization
import Utils

/// A web server on a port of its own of the loopback address, one request at a time.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var method: String
    var path: String
    var headers: String
    var body: [UInt8]

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The part after the interface's version: `runs/create`.
    var name: String {
      String(path.replacing("/api/2.0/mlflow/", with: "").prefix { $0 != "?" })
    }
  }

  enum Answer: Sendable {
    case json(JSONValue, status: Int = 200)
    /// Closes the connection without a word.
    case hangUp
    /// Says nothing until the server is stopped.
    case silence
  }

  let port: Int
  private let listener: Int32
  private let seen = Mutex<[Request]>([])
  private let hasEnded = DispatchSemaphore(value: 0)
  private let held = Mutex<[Int32]>([])

  var address: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { seen.withLock { $0 } }

  /// Listens on `port`, 0 for any that is free.
  init(port: Int = 0, answer: @escaping @Sendable (Request) -> Answer) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(port).bigEndian
    place.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &place) { place in
      place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(listener, place, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, place, &length) == 0
      }
    }
    guard isOpen else { throw LabError(.tracking, "no port is free", remedy: "wait") }
    self.listener = listener
    self.port = Int(in_port_t(bigEndian: place.sin_port))
    Thread.detachNewThread { [self] in
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        guard let request = Self.read(connection) else {
          close(connection)
          continue
        }
        seen.withLock { $0.append(request) }
        switch answer(request) {
        case .json(let value, let status):
          let body = value.text()
          let text =
            "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
          _ = Array(text.utf8).withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          close(connection)
        case .hangUp: close(connection)
        case .silence: held.withLock { $0.append(connection) }
        }
      }
      hasEnded.signal()
    }
  }

  /// Nothing listens any more.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    held.withLock { $0.forEach { close($0) } }
    hasEnded.wait()  // or the thread would go on with whatever gets the number of our closed file
    close(listener)
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    func more() -> Bool {
      let count = recv(connection, &piece, piece.count, 0)
      if count > 0 { bytes += piece[..<count] }
      return count > 0
    }
    let gap = Array("\r\n\r\n".utf8)
    var end: Int?
    while end == nil {
      guard more() else { return nil }
      end = bytes.indices.first { bytes[$0...].starts(with: gap) }
    }
    let headers = String(decoding: bytes[..<end!], as: UTF8.self)
    let words = headers.split(separator: " ", maxSplits: 2)
    if headers.lowercased().contains("expect: 100-continue") {
      _ = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8).withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
    let length =
      headers.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
    while bytes.count < end! + 4 + length { guard more() else { return nil } }
    guard words.count == 3 else { return nil }
    return Request(
      method: String(words[0]), path: String(words[1]), headers: headers, body: Array(bytes[(end! + 4)...]))
  }
}

/// What an MLflow server answers when all is well: the experiment is new, and so is the run.
func mlflowAnswer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
  switch request.name {
  case "experiments/get-by-name":
    .json(["error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none"], status: 404)
  case "experiments/create": .json(["experiment_id": "7"])
  case "runs/create":
    .json(["run": ["info": ["run_id": "r1", "artifact_uri": "mlflow-artifacts:/7/r1/artifacts"]]])
  default: .json([:])
  }
}
