import Foundation
import Logging
import Synchronization

/// The story of a run, told to the console and to its log file: what was begun, each epoch, warnings, where things lie.
///
/// Numbers go to the trackers; this is what a person reads. It is a swift-log backend, so libraries that log speak here too.
public enum Narrative {
  private struct Sinks {
    var level = Logger.Level.info
    var file: FileHandle?
  }

  private static let sinks = Mutex(Sinks())
  private static let bootstrapped: Void = LoggingSystem.bootstrap { _ in NarrativeHandler() }

  /// The logger to speak through; messages below `level` are not shown (the file keeps them from debug on).
  public static func begin(level: Logger.Level = .info) -> Logger {
    _ = bootstrapped
    sinks.withLock { $0.level = level }
    return Logger(label: "lab")
  }

  /// From now on every message is also written to the end of `url`, with its time; a resumed run goes on in its log.
  ///
  /// A symbolic link in its place is refused.
  public static func keep(in url: URL) throws {
    try OutputLinks.refuse(at: url)
    let file = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard file >= 0 else {
      throw LabError(
        .usage, "\(url.path) cannot be written", remedy: "choose another folder with --output-dir")
    }
    sinks.withLock { $0.file = FileHandle(fileDescriptor: file, closeOnDealloc: true) }
  }

  fileprivate static func tell(_ level: Logger.Level, _ message: String) {
    sinks.withLock { sinks in
      if level >= sinks.level {
        switch level {
        case .warning: Terminal.writeError("\(Terminal.warningMark) \(message)\n")
        case .error, .critical: Terminal.writeError("error: \(message)\n")
        default: try? FileHandle.standardOutput.write(contentsOf: Data((message + "\n").utf8))
        }
      }
      if let file = sinks.file, level >= .debug {
        try? file.write(contentsOf: Data("\(Date.now.ISO8601Format()) \(level) \(message)\n".utf8))
      }
    }
  }
}

private struct NarrativeHandler: LogHandler {
  var metadata = Logger.Metadata()
  var logLevel = Logger.Level.debug

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { Narrative.tell(event.level, event.message.description) }
}
