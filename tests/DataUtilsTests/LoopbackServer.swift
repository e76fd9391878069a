import Foundation
import Synchronization
import Testing

/// A web server on a free port of the loopback address, which answers each path as a test wants it.
///
/// One request a connection. `Range: bytes=N-` is honoured. It stops when the last reference to it goes.
final class LoopbackServer: Sendable {
  /// What a path is answered with.
  enum Answer: Sendable {
    case content([UInt8])
    /// So many bytes of the content that it promises, then the connection is closed.
    case cutOff([UInt8], after: Int)
    case status(Int)
    case redirect(String)
  }

  let port: UInt16
  private let listener: Int32
  private let answers: Mutex<[String: Answer]>
  private let asked = Mutex<[String]>([])

  init(_ answers: [String: Answer]) throws {
    self.answers = Mutex(answers)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [listener] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isListening, "no loopback port is free")
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [listener, weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        self?.serve(connection)
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// The address of `path`.
  func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The paths that were asked for, with what range, in order.
  var requests: [String] { asked.withLock { $0 } }

  /// Answers `path` otherwise from now on.
  func answer(_ path: String, _ answer: Answer) { answers.withLock { $0[path] = answer } }

  private func serve(_ connection: Int32) {
    var request = [UInt8](repeating: 0, count: 8192)
    let count = recv(connection, &request, request.count, 0)
    guard count > 0 else { return }
    let lines = String(decoding: request.prefix(count), as: UTF8.self).components(separatedBy: "\r\n")
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }?.split(separator: "=").last
    let start = range.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    asked.withLock { $0.append(start > 0 ? "\(path) from \(start)" : path) }
    switch answers.withLock({ $0[path] }) ?? .status(404) {
    case .content(let bytes): send(bytes, from: start, upTo: bytes.count, connection)
    case .cutOff(let bytes, let end): send(bytes, from: start, upTo: end, connection)
    case .status(let status):
      send(Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8), connection)
    case .redirect(let target):
      send(Array("HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n".utf8), connection)
    }
  }

  private func send(_ bytes: [UInt8], from start: Int, upTo end: Int, _ connection: Int32) {
    let range = start > 0 ? "Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)\r\n" : ""
    let head =
      "HTTP/1.1 \(start > 0 ? "206 Partial Content" : "200 OK")\r\nContent-Length: \(bytes.count - start)\r\n\(range)\r\n"
    send(Array(head.utf8) + bytes[min(start, end)..<end], connection)
  }

  private func send(_ bytes: [UInt8], _ connection: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
