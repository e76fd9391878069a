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
    guard let answer = ChildProcess.run(command, timeout: timeout), answer.status == 0 else { return nil }
    return GitFacts(porcelain: String(decoding: answer.output, as: UTF8.self))
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
