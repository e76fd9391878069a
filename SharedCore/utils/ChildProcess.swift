import Foundation

/// Another program, started, given its input and waited for.
///
/// `posix_spawn` rather than Foundation's Process, whose wait runs a run loop and costs several milliseconds.
public enum ChildProcess {
  /// What `command` (looked up in PATH) answers to `input`, or nil if it cannot be started or takes longer than `timeout`
  /// seconds; it is then ended. What it writes to its error output is lost.
  ///
  /// - Parameter input: at most some KiB, which a pipe holds without a reader.
  public static func run(
    _ command: [String], input: [UInt8] = [], timeout: Double
  ) -> (status: Int32, output: [UInt8])? {
    guard let (ours, theirs) = socketPair() else { return nil }
    defer { close(ours) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if input.isEmpty {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    } else {
      posix_spawn_file_actions_adddup2(&actions, theirs, STDIN_FILENO)
    }
    posix_spawn_file_actions_adddup2(&actions, theirs, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)

    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    let started = posix_spawnp(&child, command[0], &actions, nil, &arguments, environ) == 0
    close(theirs)
    guard started else { return nil }

    _ = input.withUnsafeBytes { send(ours, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    shutdown(ours, Int32(SHUT_WR))
    let (output, isComplete) = readToEnd(of: ours, timeout: timeout)
    if !isComplete { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 && errno == EINTR {}
    return isComplete ? (status, output) : nil
  }

  /// A pair of sockets, since Glibc's module lacks pipe2: a child that another thread starts must not inherit an end.
  private static func socketPair() -> (Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    return socketpair(AF_UNIX, type, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
  }

  /// Everything that arrives at `descriptor` before its end or before `timeout` seconds are over.
  private static func readToEnd(of descriptor: Int32, timeout: Double) -> (bytes: [UInt8], isComplete: Bool) {
    let deadline = ContinuousClock.now + .seconds(timeout)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0 else { return (bytes, false) }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Int32(left.rounded(.up))) > 0 else { continue }
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count == 0 { return (bytes, true) }
      if count > 0 { bytes += piece[..<count] } else if errno != EINTR { return (bytes, false) }
    }
  }
}
