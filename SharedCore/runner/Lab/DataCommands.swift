import ArgumentParser
import DataUtils
import Foundation
import Utils

/// `lab data`: what data sets there are, downloading them and checking what is there.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, download, check and make data sets.",
    subcommands: [
      DataList.self, DataFetch.self, DataVerify.self, DataMake.self, DataCheck.self, DataSplit.self,
      DataPreview.self,
    ],
    defaultSubcommand: DataList.self)
}

/// The flag that every `lab data` command takes.
struct DataRootOption: ParsableArguments {
  @Option(
    name: .customLong("data-root"),
    help: ArgumentHelp(
      "Folder of the downloaded data sets (default: LAB_DATA, else ~/.cache/ai-from-scratch/data).",
      valueName: "folder"))
  var path: String?

  var folder: DataFolder { DataFolder(path) }
}

/// `lab data list`: a line a data set.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show every data set, where it comes from and whether it is there.")

  @OptionGroup var dataRoot: DataRootOption

  func run() throws {
    let folder = dataRoot.folder
    let catalogue = try folder.catalogue()
    var rows = [["NAME", "KIND", "SIZE", "PRESENT", "LICENCE"]]
    for entry in DatasetRegistry.entries where entry.kind != .downloadable {
      let licence = entry.kind == .embedded ? try DatasetRegistry.load(entry.name).train.licence : "-"
      rows.append([entry.name, entry.kind.rawValue, entry.summary, "yes", licence])
    }
    for entry in catalogue.entries where !rows.contains(where: { $0[0] == entry.name }) {
      let present = folder.presentFileCount(entry)
      let state =
        present == entry.files.count
        ? "yes" : present == 0 ? "no" : "\(present) of \(entry.files.count) files"
      let kind = entry.isFetchable ? "downloadable" : "by hand"
      rows.append([entry.name, kind, megabytes(entry.bytes), state, shortened(entry.licence)])
    }
    print(aligned(rows))
    print(
      "\nDownloaded sets lie in \(folder.root.path) (\(folder.origin)); get one with: lab data fetch NAME")
  }
}

/// `lab data fetch NAME`: downloads a set.
struct DataFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a data set, go on with a partial download, check its files.")

  @Argument(help: "The data set: see `lab data list`.")
  var name: String
  @OptionGroup var dataRoot: DataRootOption

  func run() throws {
    if let entry = DatasetRegistry.entries.first(where: { $0.name == name.replacing("_", with: "-") }),
      entry.kind != .downloadable
    {
      print("\(entry.name) is \(entry.kind.rawValue): there is nothing to download")
      return
    }
    let folder = dataRoot.folder
    let entry = try folder.entry(name)
    print("\(entry.title), \(megabytes(entry.bytes)), licence: \(entry.licence)")
    var progress = FetchProgress()
    try folder.fetch(entry) { progress.show($0) }
    print("\(entry.name) is complete in \(folder.root.appending(path: entry.name).path)")
    print("Cite: \(entry.citation)")
  }
}

/// `lab data verify [NAME]`: compares what is there with the catalogue; exit code 1 on any difference.
struct DataVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare sizes and checksums of the files that are there.")

  @Argument(help: "The data set (default: all that are there).")
  var name: String?
  @OptionGroup var dataRoot: DataRootOption

  func run() throws {
    let folder = dataRoot.folder
    let entries = try name.map { [try folder.entry($0)] } ?? folder.catalogue().entries
    var damaged: [(file: String, remedy: String)] = []
    for entry in entries {
      let statuses = entry.files.map { ($0, folder.status(of: $0, in: entry)) }
      let present = statuses.count { $0.1 != .missing }
      for (file, status) in statuses {
        guard let complaint = status.complaint(file) else { continue }
        print("\(folder.url(file, of: entry).path) \(complaint)")
        damaged.append(("\(entry.name)/\(file.path)", folder.remedy(for: entry)))
      }
      if name != nil, present < entry.files.count, damaged.isEmpty {
        throw LabError(
          .data, "\(entry.files.count - present) of \(entry.files.count) files of \(entry.name) are missing",
          remedy: folder.remedy(for: entry))
      }
      if name != nil || present > 0 {
        let good = statuses.count { $0.1 == .good }
        print("\(entry.name): \(good) of \(entry.files.count) files are there and good")
      }
    }
    guard let first = damaged.first else {
      if name == nil, entries.allSatisfy({ folder.presentFileCount($0) == 0 }) {
        print("no data set lies in \(folder.root.path) (\(folder.origin)); get one with: lab data fetch NAME")
      }
      return
    }
    let cause = damaged.count == 1 ? "is damaged" : "and \(damaged.count - 1) more are damaged"
    throw LabError(.data, "\(first.file) \(cause)", remedy: first.remedy)
  }
}

/// Prints what a download reports: a line an event, and on a terminal a line that counts.
private struct FetchProgress {
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private var shown = -1

  mutating func show(_ event: DownloadEvent) {
    switch event {
    case .present(let file): print("  \(file.path): there already")
    case .began(let file, let address, let start):
      shown = -1
      print("  \(file.path) from \(address)" + (start > 0 ? ", going on after \(megabytes(start))" : ""))
    case .progressed(let file, let bytes):
      let percent = bytes * 100 / max(file.bytes, 1)
      guard isTerminal, percent != shown else { return }
      shown = percent
      print("\r    \(megabytes(bytes)) of \(megabytes(file.bytes)), \(percent) %  ", terminator: "")
      fflush(nil)
    case .failed(_, _, let reason): print("\(lineStart)    did not work: \(reason)")
    case .finished(let file): print("\(lineStart)  \(file.path): complete, checksum right")
    }
  }

  private var lineStart: String { isTerminal ? "\r\u{1B}[K" : "" }
}

/// At most sixty characters of `text`.
private func shortened(_ text: String) -> String { text.count <= 60 ? text : text.prefix(57) + "..." }

private func megabytes(_ bytes: Int) -> String {
  bytes < 100_000 ? "\((bytes + 999) / 1000) kB" : String(format: "%.1f MB", Double(bytes) / 1e6)
}
