import ArgumentParser
import Defects
import Foundation
import Synchronization
import Utils

/// `lab data make steel`: a made-up data set on the disk, in the form of the real one.
struct DataMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make a data set of made-up images on the disk, in the form of the real one.",
    discussion: """
      steel: strips of rolled steel with four kinds of defects, as JPEG files with masks in Supervisely's JSON and in \
      Kaggle's train.csv. What an interrupted call has made is kept; the same call goes on with it.
      """)

  @Argument(help: "What to make: steel.")
  var kind: String
  @Option(parsing: .unconditional, help: "How many images.")
  var count: Int = 2000
  @Option(help: ArgumentHelp("The folder to make, where nothing is yet.", valueName: "folder"))
  var output: String
  @Option(parsing: .unconditional, help: "What every random choice depends on.")
  var seed: UInt64 = 42
  @Option(parsing: .unconditional, help: "Rows of each image.")
  var height: Int = 256
  @Option(parsing: .unconditional, help: "Columns of each image.")
  var width: Int = 1600

  func run() throws {
    guard kind == "steel" else {
      throw LabError(.usage, "\(kind.quoted) cannot be made", remedy: "what can be made is steel")
    }
    let set = try StripFolder(SteelStrips(height: height, width: width, seed: seed), count: count)
    let clock = Stopwatch()
    let bar = Mutex(ProgressBar("making strips", total: count, unit: "images"))
    defer { bar.withLock { $0.clear() } }
    let folder = URL(fileURLWithPath: output)
    let known = try set.make(at: folder) { done in bar.withLock { $0.show(done) } }
    bar.withLock { $0.clear() }
    let before = known > 0 ? ", \(grouped(known)) of them from an interrupted call" : ""
    let seconds = (clock.seconds * 10).rounded() / 10
    print(
      "\(grouped(count)) strips of \(height) x \(width) lie in \(folder.relativePath)\(before) (\(seconds) s)"
    )
  }
}
