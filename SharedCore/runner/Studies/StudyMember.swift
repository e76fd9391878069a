import Engine
import Foundation
import Tracking
import Utils

/// One run of a study in a process of its own, beside others; it tells the study's process by a file how far it has come.
struct StudyMember {
  let plan: StudyPlan
  let folder: RunFolder
  let cell: StudyPlan.Cell
  let place: Int

  /// The run that `text` names, a study's folder, a colon and a place among its runs.
  init(_ text: String, _ request: StudyRequest) throws {
    guard let colon = text.lastIndex(of: ":"), let place = Int(text[text.index(after: colon)...]),
      let folder = RunFolder(at: URL(filePath: String(text[..<colon]), directoryHint: .isDirectory)),
      let record = try StudyRecord(in: folder)
    else {
      throw LabError(.usage, "\(text.quoted) is no run of a study", remedy: "begin the study itself")
    }
    plan = try request.plan(record, in: folder)
    guard plan.cells.indices.contains(place) else {
      throw LabError(.usage, "\(text.quoted) is no run of a study", remedy: "begin the study itself")
    }
    (self.folder, self.place, cell) = (folder, place, plan.cells[place])
  }

  /// What a member has done so far.
  struct Report {
    /// The runs that it began, the newest last.
    var begun: [String] = []
    /// The result; nil as long as there is none.
    var cell: StudyCell?

    /// What the member at `place` has written; nothing when it wrote nothing.
    init(of place: Int, in folder: RunFolder) {
      guard let bytes = try? Data(contentsOf: StudyMember.file(place, "json", in: folder)),
        let json = try? JSONValue(parsing: Array(bytes))
      else { return }
      begun = json["begun"]?.array?.compactMap(\.string) ?? []
      cell = json["cell"].flatMap(StudyCell.init(json:))
    }

    func write(as place: Int, in folder: RunFolder) throws {
      let json: JSONValue = [
        "begun": .array(begun.map(JSONValue.string)), "cell": cell?.json ?? nil,
      ]
      try AtomicFile.write(
        json.text(pretty: true) + "\n", to: StudyMember.file(place, "json", in: folder), kind: .tracking)
    }
  }

  /// A file of the member at `place`.
  static func file(_ place: Int, _ suffix: String, in folder: RunFolder) -> URL {
    members(folder).appending(path: "\(place).\(suffix)")
  }

  /// Where members leave their files.
  static func members(_ folder: RunFolder) -> URL {
    folder.url.appending(path: "members", directoryHint: .isDirectory)
  }

  /// The places of the members that have left a report.
  static func places(in folder: RunFolder) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: members(folder).path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }.sorted()
  }

  /// Waits until no earlier process trains this run; holds as long as the descriptor is open.
  func waitForPredecessor() {
    let lock = open(Self.file(place, "lock", in: folder).path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if lock >= 0 { flock(lock, LOCK_EX) }
  }

  /// Ends this process in good order soon after the one that started it has gone.
  static func endWithParent() {
    let parent = getppid()
    Thread.detachNewThread {
      while getppid() == parent { usleep(100_000) }
      kill(getpid(), SIGTERM)
    }
  }
}
