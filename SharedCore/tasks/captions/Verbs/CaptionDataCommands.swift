import ArgumentParser
import CaptionData
import Foundation
import Synchronization
import Utils

/// `lab captions make FOLDER`: made-up videos with annotations.
struct CaptionMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Make made-up videos with captions, annotated as real ones are.",
    discussion: """
      Each is a folder with an annotations.db: frames, captions, boxes of characters and the layout. What an interrupted \
      call has made is kept; the same call goes on with it.
      """)

  @Argument(help: ArgumentHelp("The folder to make, where nothing is yet.", valueName: "folder"))
  var output: String
  @Option(help: "How many videos.")
  var videos: Int = 12
  @Option(help: "How many captions and empty stretches each has.")
  var captions: Int = 40
  @Option(help: "What every random choice depends on.")
  var seed: UInt64 = 42

  func run() throws {
    let set = try SyntheticVideoFolder(count: videos, segments: captions, seed: seed)
    let clock = Stopwatch()
    let bar = Mutex(ProgressBar("making videos", total: videos, unit: "videos"))
    defer { bar.withLock { $0.clear() } }
    let folder = URL(filePath: output)
    let known = try set.make(at: folder) { done in bar.withLock { $0.show(done) } }
    bar.withLock { $0.clear() }
    let before = known > 0 ? ", \(grouped(known)) of them from an interrupted call" : ""
    print(
      "\(counted(videos, "video")) of \(grouped(captions)) captions lie in \(folder.relativePath)\(before) "
        + "(\(durationText(clock.seconds)))")
  }
}

/// `lab captions create-dataset NAME PLACE...`: pairs of frames from annotated videos.
struct CaptionDatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create-dataset", abstract: "Make a data set of pairs of frames from annotated videos.",
    discussion: """
      Pairs come from captions with confirmed ends: three inside each, and one where each meets the next. The set is one \
      file, NAME.db. A call that was killed is gone on with by the same call.
      """)

  @Argument(help: "What the set is called.")
  var name: String
  @Argument(
    help: ArgumentHelp(
      "Folders with an annotations.db in or below them, such files, or patterns of either.",
      valueName: "places"))
  var places: [String]
  @Option(help: ArgumentHelp("random: each label by itself; show_based: whole folders.", valueName: "name"))
  var split: String = PairSplitStrategy.random.rawValue
  @Option(name: .customLong("train-ratio"), help: "The share of the pairs that are trained on.")
  var trainRatio: Double = 0.8
  @Option(help: "What the division depends on.")
  var seed: UInt64 = 42
  @Option(name: .shortAndLong, help: ArgumentHelp("What the set is for.", valueName: "text"))
  var description: String?
  @Option(
    help: ArgumentHelp(
      "copied: the set holds its frames; by-reference: they stay where they are.", valueName: "storage"))
  var frames: String = FrameStorage.copied.rawValue
  @Option(
    name: .customLong("font-encoder"),
    help: ArgumentHelp(
      "CLIP ViT-B/32 weights that describe fonts (Hugging Face names); without, fonts are described by computed numbers.",
      valueName: "file.safetensors"))
  var fontEncoder: String?
  @Option(help: ArgumentHelp("The folder of data sets.", valueName: "folder"))
  var datasets: String = "datasets"

  func run() throws {
    var request = DatasetRequest(name: name, places: places)
    request.split = try chosen(split, "split")
    request.frames = try chosen(frames, "frame storage")
    request.fontEncoder = try CLIPFontEncoder.chosen(fontEncoder)
    (request.trainRatio, request.seed, request.description) = (trainRatio, seed, description)
    var bar: ProgressBar?
    defer { bar?.clear() }
    let report = try DatasetBuilder(request, in: URL(filePath: datasets)).make { done, total in
      if bar == nil { bar = ProgressBar("reading videos", total: total, unit: "videos") }
      bar?.show(done)
    }
    bar?.clear()
    for notice in report.notices { print(notice) }
    let rows = report.counts.map { [$0.label.rawValue, grouped($0.train), grouped($0.val)] }
    print(aligned([["LABEL", "TRAIN", "VAL"]] + rows))
    let before = report.resumedCount > 0 ? ", \(grouped(report.resumedCount)) of them from a killed call" : ""
    print(
      "\(counted(report.sampleCount, "pair")) of \(counted(report.videoCount, "video"))\(before): "
        + report.url.relativePath)
  }

  private func chosen<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ what: String
  ) throws -> Choice {
    if let choice = Choice(rawValue: name) { return choice }
    throw unknownName(name, what: what, known: Choice.allCases.map(\.rawValue))
  }
}

/// `lab captions check PLACE...`: reads data sets or annotations and says what is wrong; exit code 1 where anything is.
struct CaptionCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read data sets of pairs, or annotated videos, and say what is wrong.",
    discussion: """
      Every frame that a pair needs is decoded; frames that a data set keeps by reference are compared with their checksums.
      """)

  @Argument(
    help: ArgumentHelp(
      "Data sets (NAME.db), or folders, files and patterns of annotated videos.", valueName: "places"))
  var places: [String]

  func run() throws {
    var faults: [String] = []
    for place in places {
      let url = URL(filePath: place)
      if CaptionDataset.isDataset(url) {
        faults += try check(CaptionDataset(url))
      } else {
        for file in try AnnotationSearch.files([place]) { faults += check(file) }
      }
    }
    for fault in faults.prefix(20) { print(fault) }
    if faults.count > 20 { print("... and \(grouped(faults.count - 20)) more") }
    guard faults.isEmpty else {
      throw LabError(
        .data, "\(counted(faults.count, "fault")) \(faults.count == 1 ? "was" : "were") found",
        remedy: "do what the sentences above say")
    }
  }

  private func check(_ dataset: CaptionDataset) throws -> [String] {
    let bar = Mutex<ProgressBar?>(nil)
    let check = try DatasetCheck(dataset) { done, total in
      bar.withLock { bar in
        if bar == nil { bar = ProgressBar("reading frames", total: total, unit: "frames") }
        bar?.show(done)
      }
    }
    bar.withLock { $0?.clear() }
    let parts = PairPart.allCases.map { "\(grouped(dataset.indices(of: $0).count)) \($0.rawValue)" }
    let kept = check.referenceCount > 0 ? "by reference" : "copied"
    print(
      "\(dataset.url.relativePath): \(counted(dataset.samples.count, "pair")) (\(parts.joined(separator: ", "))) of "
        + "\(counted(dataset.videos.count, "video")), \(counted(check.frameCount, "frame")) \(kept)")
    return check.faults
  }

  private func check(_ file: URL) -> [String] {
    do {
      let check = try AnnotationCheck(file)
      let labels = zip(CaptionLabel.allCases, check.labelCounts).map { "\(grouped($1)) \($0.rawValue)" }
      print("\(file.relativePath): \(counted(check.pairCount, "pair")) (\(labels.joined(separator: ", ")))")
      return check.pairCount == 0 ? check.notices : []
    } catch {
      return ["\(error)"]
    }
  }
}

/// `1 video`, `1,200 videos`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}
