import Engine
import Foundation
import ModelTesting
import Perceptron
import Testing
import Tracking
import Utils

/// What goes wrong outside ends in one sentence with its remedy and a code, and leaves earlier runs as they were.
@Suite struct BadInputTests {
  private let bench: ProgramBench
  private let run: RunFolder

  init() throws {
    bench = try ProgramBench(for: perceptronCatalog)
    run = try bench.train("--experiment", "iris-hard", "--epochs", "3")
  }

  private func refused(
    _ program: String, _ arguments: [String], code: Int32, environment: [String: String] = [:],
    mentioning words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try bench.contents()
    let ending = try bench.run(program, arguments, environment: environment)
    check(ending, code, words, sourceLocation)
    #expect(try bench.contents() == before, "nothing was touched", sourceLocation: sourceLocation)
  }

  private func check(
    _ ending: ProgramBench.Ending, _ code: Int32, _ words: [String], _ sourceLocation: SourceLocation
  ) {
    #expect(ending.code == code, "\(ending.errors)", sourceLocation: sourceLocation)
    let sentence = ending.errors.split(separator: "\n").last ?? ""
    #expect(
      sentence.hasPrefix("error: ") && sentence.hasSuffix("."), "\(sentence)", sourceLocation: sourceLocation)
    for word in words {
      #expect(sentence.contains(word), "\(word) in: \(sentence)", sourceLocation: sourceLocation)
    }
  }

  @Test func aWrongCommandLine() throws {
    try refused("train", [], code: 2, mentioning: "no experiment was named", "iris-hard")
    try refused(
      "train", ["--experiment", "iris-hrad"], code: 2, mentioning: "did you mean iris-hard?", "mnist")
    try refused("train", ["--experiment"], code: 2, mentioning: "--experiment", "swift run train --help")
    try refused("train", ["--epoch", "3"], code: 2, mentioning: "--epoch", "Did you mean '--epochs'?")
    for (flag, value) in [
      ("--epochs", "-3"), ("--epochs", "0"), ("--learning-rate", "nan"), ("--learning-rate", "-1"),
      ("--batch-size", "0"), ("--seed", "x"), ("--threads", "0"), ("--prefetch-threads", "many"),
      ("--device", "cuda"), ("--log-level", "loud"), ("--explain", "0"),
    ] {
      try refused(
        "train", ["--experiment", "or", flag, value], code: 2, mentioning: "\(flag) ", value, "give ")
    }
    try refused(
      "train", ["--experiment", "or", "epohcs=3"], code: 2, mentioning: "epohcs", "did you mean epochs?")
    try refused("train", ["--experiment", "or", "noise=2"], code: 2, mentioning: "noise=2", "from 0 to 1")
    try refused(
      "train", ["--experiment", "or", "or"], code: 2, mentioning: "or is neither a flag nor a setting")
    try refused("evaluate", [], code: 2, mentioning: "--checkpoint", "swift run evaluate --help")
    try refused(
      "evaluate", ["--checkpoint", run.id, "--split", "tset"], code: 2, mentioning: "--split tset",
      "did you mean test?")
    for (program, first) in [("train", ["--experiment", "or"]), ("evaluate", ["--checkpoint", run.id])] {
      try refused(
        program, first, code: 2, environment: ["KERNELS": "slow"], mentioning: "KERNELS is slow",
        "fast or reference")
      try refused(program, first, code: 2, environment: ["LAB_THREADS": "0"], mentioning: "LAB_THREADS is 0")
      try refused(
        program, first, code: 2, environment: ["LAB_ROOT": bench.root.path + "/no"], mentioning: "LAB_ROOT")
    }
  }

  @Test func aCheckpointOfAnotherNetwork() throws {
    try refused(
      "train", ["--experiment", "iris", "--load-checkpoint", run.id], code: 1,
      mentioning: run.lastCheckpoint.path, "weight [1, 2] instead of [3, 4]")
    try refused(
      "evaluate", ["--checkpoint", run.id, "--experiment", "iris"], code: 1,
      mentioning: run.lastCheckpoint.path, "leave --experiment out")
    let file = bench.root.appending(path: "other.safetensors")
    var checkpoint = try Checkpoint(contentsOf: run.lastCheckpoint)
    checkpoint.lab = .object((checkpoint.lab.object ?? [:]).merging(["architecture": "lenet"]) { $1 })
    try checkpoint.write(to: file)
    try refused(
      "evaluate", ["--checkpoint", file.path], code: 1, mentioning: file.path, "a network called lenet",
      "this one knows perceptron")
  }

  @Test func aCheckpointThatClaimsMoreThanItHolds() throws {
    let file = bench.root.appending(path: "claims.safetensors")
    for (inputs, classes): (JSONValue, JSONValue) in [(100_000_000, 100_000_000), (5, 3), (0, 2)] {
      var checkpoint = try Checkpoint(contentsOf: run.lastCheckpoint)
      let claim: JSONValue = ["inputs": inputs, "classes": classes, "start": "zeros"]
      checkpoint.lab = .object((checkpoint.lab.object ?? [:]).merging(["configuration": claim]) { $1 })
      try checkpoint.write(to: file)
      try refused("evaluate", ["--checkpoint", file.path], code: 1, mentioning: file.path)
    }
  }

  @Test func aCheckpointThatWasCutOff() throws {
    let whole = try Data(contentsOf: run.lastCheckpoint)
    let file = bench.root.appending(path: "cut.safetensors")
    for length in [0, 1, 7, 8, 9, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: file)
      try refused("evaluate", ["--checkpoint", file.path], code: 1, mentioning: file.path)
      try refused("train", ["--resume", file.path], code: 1, mentioning: file.path)
      try refused(
        "train", ["--experiment", "iris-hard", "--load-checkpoint", file.path], code: 1, mentioning: file.path
      )
    }
  }

  @Test func anotherProgramsCheckpoint() throws {
    let file = bench.root.appending(path: "foreign.safetensors")
    var writer = SafetensorsWriter()
    writer.add("fc.weight", floats: [1, 2], shape: [1, 2])
    try writer.write(to: file)
    try refused(
      "evaluate", ["--checkpoint", file.path], code: 1, mentioning: file.path,
      "does not describe its network",
      "--load-checkpoint")
    try refused("train", ["--resume", file.path], code: 1, mentioning: file.path, "--load-checkpoint")
    try refused(
      "train", ["--experiment", "iris-hard", "--load-checkpoint", file.path], code: 1, mentioning: file.path,
      "misses bias", "has besides fc.weight")
  }

  @Test func anOutputThatCannotBeWritten() throws {
    for folder in [run.log.path, run.log.path + "/below", "/proc/nothing"] {
      try refused(
        "train", ["--experiment", "or", "--output-dir", folder], code: 1, mentioning: folder, "--output-dir")
    }
    try refused(
      "evaluate", ["--checkpoint", run.id, "--output", run.log.path + "/result.json"], code: 2,
      mentioning: run.log.path + "/result.json cannot be written")
  }

  /// A limit on the size of files stands for a full disk: the same calls fail, and no right to mount is needed.
  @Test func aFullDisk() throws {
    let before = try bench.contents()
    let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let train = tests.deletingLastPathComponent().appending(path: "train").path
    let ending = try bench.start(
      executable: URL(filePath: "/bin/bash"),
      ["-c", "ulimit -f 4; exec \"$0\" --experiment digits --epochs 1", train]
    ).ending()
    check(
      ending, 1, ["best.safetensors cannot be written: the file is larger than the system allows"],
      #_sourceLocation)
    let after = try bench.contents()
    for (path, bytes) in before where !path.hasPrefix("latest") {
      #expect(after[path] == bytes, "\(path) is as it was")
    }
    let failed = try RunFolder.find("latest", under: bench.outputs)
    #expect(try FileManager.default.contentsOfDirectory(atPath: failed.models.path).isEmpty)
    #expect(try json(failed.results)["status"] == "failed")
  }

  @Test func dataThatAreNotThereOrDamaged() throws {
    let folder = bench.root.appending(path: "data")
    let mnist = folder.appending(path: "mnist")
    try FileManager.default.createDirectory(at: mnist, withIntermediateDirectories: true)
    let arguments = ["--experiment", "mnist", "--data-root", folder.path]
    let command = "swift run lab data fetch mnist --data-root \(folder.path)"
    try refused("train", arguments, code: 1, mentioning: "mnist is not in \(folder.path)", command)

    let images = mnist.appending(path: "train-images-idx3-ubyte.gz")
    try Data([0x1F, 0x8B, 8, 0]).write(to: images)
    try refused(
      "train", arguments, code: 1, mentioning: images.path, "has 4 bytes instead of 9912422", command)
    try Data().write(to: images)
    try refused("train", arguments, code: 1, mentioning: images.path, "is empty", command)
    let file = try FileHandle(forWritingTo: images)
    try file.truncate(atOffset: 9_912_422)
    try file.close()
    try refused("train", arguments, code: 1, mentioning: images.path, "has a wrong checksum", command)
  }
}
