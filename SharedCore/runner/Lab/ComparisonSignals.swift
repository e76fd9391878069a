import ArgumentParser
import Foundation
import Synchronization
import Utils

/// Ctrl-C while `lab compare` trains: the run that is under way is asked to save and end, then the comparison ends.
enum ComparisonSignals {
  private static let received = Atomic<Int32>(0)
  private static let child = Atomic<Int32>(0)

  /// The signal that came, 0 for none.
  static var signal: Int32 { received.load(ordering: .relaxed) }

  /// From now on SIGINT and SIGTERM are noted; a second one ends the run and this process at once.
  static func watch() {
    for name in [SIGINT, SIGTERM] {
      Foundation.signal(name) { name in
        let child = ComparisonSignals.child.load(ordering: .relaxed)
        if ComparisonSignals.received.exchange(name, ordering: .relaxed) != 0 {
          if child > 0 { kill(child, SIGKILL) }
          _exit(128 + name)
        }
      }
    }
  }

  /// Waits for the end of `process`; hands a signal on to it, unless the terminal has sent it there as well.
  static func wait(for process: Process) {
    let id = process.processIdentifier
    child.store(id, ordering: .relaxed)
    defer { child.store(0, ordering: .relaxed) }
    var isTold = false
    while process.isRunning {
      if signal != 0, !isTold {
        if signal == SIGTERM || getpgid(id) != getpgrp() { kill(id, signal) }
        isTold = true
      }
      usleep(20_000)
    }
    process.waitUntilExit()
  }

  /// Ends the command with 128 and the signal when one came, and says how to go on.
  static func check() throws {
    guard signal != 0 else { return }
    Terminal.writeError(
      "the comparison was interrupted; finished runs are kept; go on with the same command.\n")
    throw ExitCode(128 + signal)
  }
}
