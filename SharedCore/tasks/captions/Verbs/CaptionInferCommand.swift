import ArgumentParser
import CaptionData
import Foundation
import Utils

/// `lab captions infer VIDEO_DB...`: what a trained network says of the captions of videos.
struct CaptionInferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "Say between which captions of annotated videos something changes.",
    discussion: """
      The last frame of each caption and the first of the next are one pair. Of one video --output is a file; of several a \
      folder with one file a video, and what an interrupted call has left there is not done again. A video that cannot be \
      read does not stop the others.
      """)

  @Argument(
    help: ArgumentHelp("Annotated videos: files, folders, or patterns of either.", valueName: "videos"))
  var videos: [String]
  @Option(name: .shortAndLong, help: ArgumentHelp("The trained network.", valueName: "file"))
  var checkpoint: String
  @Option(help: "The confidence from which a boundary is one.")
  var confidence: Double = 0.8
  @Option(name: .customLong("ocr-min"), help: "The mean confidence from which text counts as read.")
  var ocrMinimum: Double = 0.7
  @Option(name: .shortAndLong, help: ArgumentHelp("Where the result is written.", valueName: "place"))
  var output: String?
  @Option(name: .customLong("batch-size"), help: "Pairs that the network sees at once.")
  var batchSize: Int = 32
  @Option(
    name: .customLong("font-encoder"),
    help: ArgumentHelp(
      "The CLIP weights that create-dataset was given; without, fonts are described by computed numbers.",
      valueName: "file.safetensors"))
  var fontEncoder: String?
  @Flag(help: "Captions that nobody has confirmed, too.")
  var all = false

  func run() throws {
    guard 0...1 ~= confidence, 0...1 ~= ocrMinimum, 1...10_000 ~= batchSize else {
      throw LabError(
        .usage, "--confidence, --ocr-min or --batch-size is out of range",
        remedy: "give shares from 0 to 1, and 1 to 10,000 pairs")
    }
    let files = try AnnotationSearch.files(videos)
    let detector = try CaptionDetector(
      contentsOf: URL(filePath: checkpoint), fontEncoder: CLIPFontEncoder.chosen(fontEncoder))
    guard files.count > 1 else {
      let clock = Stopwatch()
      let predictions = try predict(
        detector.asking(all: all, batchSize: batchSize)(files[0]), detector)
      let seconds = clock.seconds
      if let output { try write(predictions, to: URL(filePath: output)) }
      return print(summary(predictions, seconds))
    }
    guard let output else {
      throw LabError(
        .usage, "\(files.count) videos have as many results", remedy: "give --output with a folder for them")
    }
    try predict(files, detector, into: URL(filePath: output, directoryHint: .isDirectory))
  }

  private func predict(_ files: [URL], _ detector: CaptionDetector, into folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let todo = files.map { ($0, Self.place(of: $0, in: folder)) }.filter { !isDone($0.0, $0.1, detector) }
    var bar = ProgressBar("asking the network", total: files.count, unit: "videos")
    defer { bar.clear() }
    let known = files.count - todo.count
    var (failures, lostPairs, lossyVideos): ([String], Int, Int) = ([], 0, 0)
    // The next video is read while the network works on this one.
    let asking = detector.asking(all: all, batchSize: batchSize)
    let opened = OrderedPipeline(0..<todo.count, threads: 1, ahead: 1, name: "videos") { number in
      Result { try asking(todo[number].0) }
    }
    for (number, (_, target)) in todo.enumerated() {
      do {
        guard let questions = try opened.next() else { break }
        let predictions = try predict(questions.get(), detector, quietly: true)
        lostPairs += predictions.failures.count
        lossyVideos += predictions.failures.isEmpty ? 0 : 1
        try write(predictions, to: target)
      } catch let error as LabError { failures.append("\(error)") }
      bar.show(known + number + 1)
    }
    bar.clear()
    for failure in failures { print(failure) }
    if lostPairs > 0 {
      print(
        "\(counted(lostPairs, "pair")) of \(counted(lossyVideos, "video")) could not be read; their results say why, and "
          + "the same call asks again")
    }
    let before = known > 0 ? ", \(grouped(known)) of them were there already" : ""
    print("results of \(grouped(files.count - failures.count)) videos lie in \(folder.relativePath)\(before)")
    guard failures.isEmpty else {
      throw LabError(
        .data, "\(grouped(failures.count)) of \(grouped(files.count)) videos could not be read",
        remedy: "do what the sentences above say, then call again")
    }
  }

  /// Where the result of the annotations `file` lies.
  private static func place(of file: URL, in folder: URL) -> URL {
    let name = SHA256.hex(of: Array(file.resolvingSymlinksInPath().path.utf8)).prefix(12)
    return folder.appending(path: "\(file.deletingLastPathComponent().lastPathComponent)-\(name).json")
  }

  /// Whether the result at `target` is that of this call, of annotations that have not changed since, and whole.
  private func isDone(_ file: URL, _ target: URL, _ detector: CaptionDetector) -> Bool {
    func changed(_ url: URL) -> Date {
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
      return attributes?[.modificationDate] as? Date ?? .distantFuture
    }
    guard let old = try? VideoPredictions(contentsOf: target) else { return false }
    return old.checkpoint == detector.sha256 && old.confidence == confidence && old.ocrMinimum == ocrMinimum
      && old.all == all && old.failures.isEmpty && changed(file) <= changed(target)
  }

  private func predict(_ questions: VideoQuestions, _ detector: CaptionDetector, quietly: Bool = false)
    throws -> VideoPredictions
  {
    var bar: ProgressBar?
    defer { bar?.clear() }
    return try VideoPredictions(
      of: questions, by: detector, confidence: confidence, ocrMinimum: ocrMinimum
    ) { done, total in
      if bar == nil, !quietly { bar = ProgressBar("asking the network", total: total, unit: "pairs") }
      bar?.show(done)
    }
  }

  private func write(_ predictions: VideoPredictions, to url: URL) throws {
    try AtomicFile.write(predictions.json.text(pretty: true) + "\n", to: url, kind: .data)
  }

  private func summary(_ predictions: VideoPredictions, _ seconds: Double) -> String {
    let quality = predictions.quality
    let labels = CaptionLabel.allCases.map { label in
      "\(predictions.boundaries.count { $0.label == label }) \(label.rawValue)"
    }
    let lines =
      predictions.failures + [
        "\(grouped(predictions.pairs.count)) pairs, \(grouped(quality.total)) boundaries ("
          + labels.joined(separator: ", ") + "), \(grouped(quality.flaggedCount)) of them doubtful; "
          + "\(durationText(seconds)), \(durationText(predictions.networkSeconds)) of it in the network"
      ] + (output.map { ["written to \($0)"] } ?? [])
    return lines.joined(separator: "\n")
  }
}
