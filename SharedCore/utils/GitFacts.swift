import Foundation

/// Which commit a run was made from, so that its code can be found again.
public struct GitFacts: Equatable, Sendable {
  /// The commit's full hash; nil in a repository without a commit.
  public var commit: String?
  /// The branch's name; nil when the head is detached.
  public var branch: String?
  /// Whether any file differs from the commit; files that git does not track count, for they may be code.
  public var isDirty: Bool

  /// Facts as given.
  public init(commit: String?, branch: String?, isDirty: Bool) {
    self.commit = commit
    self.branch = branch
    self.isDirty = isDirty
  }

  /// The facts of the checkout that holds `folder`; nil outside a checkout, or where git is not installed.
  ///
  /// One start of git, without taking its lock, so that parallel runs do not disturb one another or an editor.
  /// A git that does not answer within `timeout` seconds (a network folder, say) is ended and counts as none.
  public static func read(in folder: URL, timeout: Double = 5) -> GitFacts? {
    let command = [
      "git", "--no-optional-locks", "-C", folder.path, "status", "--porcelain=v2", "--branch",
    ]
    guard let output = standardOutput(of: command, timeout: timeout) else { return nil }
    return GitFacts(porcelain: output)
  }

  /// The facts in the output of `git status --porcelain=v2 --branch`; nil if it does not look like that.
  init?(porcelain: String) {
    self.init(commit: nil, branch: nil, isDirty: false)
    var isStatus = false
    for line in porcelain.split(separator: "\n") {
      guard line.hasPrefix("# ") else {
        isDirty = true
        break
      }
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3 else { continue }
      switch words[1] {
      case "branch.oid":
        isStatus = true
        if words[2] != "(initial)" { commit = String(words[2]) }
      case "branch.head":
        if words[2] != "(detached)" { branch = String(words[2]) }
      default: continue
      }
    }
    if !isStatus { return nil }
  }
}

/// What `command` (looked up in PATH) writes to standard output, or nil if it fails or takes longer than `timeout`.
///
/// `posix_spawn` rather than Foundation's Process, whose wait runs a run loop and costs several milliseconds.
private func standardOutput(of command: [String], timeout: Double) -> String? {
  // A pair of sockets, since Glibc's module lacks pipe2: a child that another thread starts must not inherit an end.
  var ends: [Int32] = [-1, -1]
  let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
  guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
  let (reading, writing) = (ends[0], ends[1])
  defer { close(reading) }

  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)

  var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
  defer { arguments.forEach { free($0) } }
  var child: pid_t = 0
  let started = posix_spawnp(&child, command[0], &actions, nil, &arguments, environ) == 0
  close(writing)
  guard started else { return nil }

  let (output, isComplete) = readToEnd(of: reading, timeout: timeout)
  if !isComplete { kill(child, SIGKILL) }
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1 && errno == EINTR {}
  return isComplete && status == 0 ? String(decoding: output, as: UTF8.self) : nil
}

/// Everything that arrives at `descriptor` before its end or before `timeout` seconds are over.
private func readToEnd(of descriptor: Int32, timeout: Double) -> (bytes: [UInt8], isComplete: Bool) {
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
