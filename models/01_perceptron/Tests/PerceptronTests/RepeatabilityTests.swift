import Engine
import Foundation
import ModelTesting
import Perceptron
import Testing
import Tracking
import Utils

/// Equal runs end in equal bytes: with other threads, in other folders, stopped, killed and resumed.
@Suite struct RepeatabilityTests {
  private let bench: ProgramBench

  init() throws { bench = try ProgramBench(for: perceptronCatalog) }

  @Test(arguments: [
    ["--experiment", "xor", "--epochs", "20", "batch_size=16"], ["--experiment", "digits", "--epochs", "2"],
  ])
  func theSameSeedGivesTheSameBytes(arguments: [String]) throws {
    func bytes(_ more: String...) throws -> [Data] {
      let folder = bench.root.appending(path: UUID().uuidString)
      let ending = try bench.run("train", arguments + ["--output-dir", folder.path] + more)
      #expect(ending.code == 0, "\(ending.errors)")
      return try checkpoints(of: RunFolder.find("latest", under: folder))
    }
    let first = try bytes()
    for threads in ["0", "1", "4"] {
      #expect(try bytes("--prefetch-threads", threads) == first, "\(threads) prefetch threads")
    }
    #expect(try bytes("--threads", "1", "--visualize", "--tags", "other") == first)
    let other = try bytes("--seed", "7")
    #expect(other[0] != first[0] && other[1] != first[1])
  }

  @Test func aLongerRunGoesOnWhereAShorterOneEnded() throws {
    let whole = try bench.train("--experiment", "xor", "--epochs", "20")
    let part = try bench.train("--experiment", "xor", "--epochs", "7")
    let resumed = try bench.train("--resume", part.id, "--epochs", "20")
    #expect(try checkpoints(of: resumed) == checkpoints(of: whole))
  }

  /// A real process that is asked to end, or killed, in the middle of its work.
  @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
  func aRunThatWasEndedGoesOnAsIfNothingHadBeen(signal: Int32) throws {
    let settings = ["--experiment", "xor", "batch_size=10", "--log-level", "error"]
    let started = try bench.start("train", settings + ["--epochs", "1000000"])
    var ended: RunFolder?
    // Checkpoints are written in between too, every few seconds: a killed process has nothing else.
    #expect(
      bench.wait {
        ended = RunFolder.all(under: bench.outputs).first
        guard let ended else { return false }
        let sign = signal == SIGKILL ? ended.lastCheckpoint : ended.metricsLines
        return FileManager.default.fileExists(atPath: sign.path)
      })
    kill(started.process.processIdentifier, signal)
    let ending = try started.ending()
    #expect(ending.code == (signal == SIGKILL ? -SIGKILL : 128 + signal), "\(ending.errors)")
    let old = try #require(ended)
    if signal != SIGKILL {
      let results = try json(old.results)
      #expect(results["status"] == "stopped")
      #expect(results["checkpoint_sha256"]?.string == (try SHA256.hex(ofFileAt: old.lastCheckpoint)))
      #expect(try text(old.log).contains("go on with: swift run train --resume \(old.id)"))
    }

    let position = try Checkpoint(contentsOf: old.lastCheckpoint).lab["position"]?["epoch"]?.int
    let epochs = "\(try #require(position) + 20)"
    let elsewhere = bench.root.appending(path: "whole").path
    let resumed = try bench.train("--resume", "auto", "--epochs", epochs)
    let whole = try bench.train(
      "--experiment", "xor", "batch_size=10", "--epochs", epochs, "--output-dir", elsewhere)
    #expect(try checkpoints(of: resumed) == checkpoints(of: whole))
    #expect(resumed.id != old.id)
  }

  @Test(arguments: ["iris-hard", "iris"])
  func readableAndFastKernelsAgree(experiment: String) throws {
    func weights(_ kernels: String) throws -> [String: [Float]] {
      let run = try bench.train(
        "--experiment", experiment, "--output-dir", bench.root.appending(path: kernels).path,
        environment: ["KERNELS": kernels])
      #expect(try text(run.config).contains("kernels: \(kernels)"))
      return try Checkpoint(contentsOf: run.lastCheckpoint).contents.compactMapValues {
        if case .floats(let values, _) = $0 { values } else { nil }
      }
    }
    let (fast, reference) = (try weights("fast"), try weights("reference"))
    #expect(fast.keys.sorted() == ["bias", "pocket.bias", "pocket.weight", "weight"])
    for (name, values) in fast {
      for (a, b) in zip(values, try #require(reference[name])) { #expect(abs(a - b) <= 1e-5, "\(name)") }
    }
  }
}

/// The checkpoints of a run, the last and the best.
private func checkpoints(of run: RunFolder) throws -> [Data] {
  try [run.lastCheckpoint, run.bestCheckpoint].map { try Data(contentsOf: $0) }
}
