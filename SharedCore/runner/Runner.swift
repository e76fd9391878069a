import ArgumentParser
import Foundation
import Tracking
import Utils

/// What a model's five-line programs call.
public enum Runner {
  /// `train`: runs an experiment of `catalog` as the command line says, and ends the process.
  public static func train(_ catalog: ModelCatalog) -> Never {
    end(
      CommandLineProgram(catalog, "train", "Trains the \(catalog.title).", TrainOptions.self) {
        try TrainCommand(catalog, $0).run()
      })
  }

  /// `train` with these arguments; gives the exit code.
  ///
  /// - Parameter begun: hears of the run before its first step; what it throws ends the run.
  public static func train(
    _ catalog: ModelCatalog, _ arguments: [String], begun: @escaping (RunBeginning) throws -> Void = { _ in }
  ) -> Int32 {
    CommandLineProgram(catalog, "train", "Trains the \(catalog.title).", TrainOptions.self) {
      try TrainCommand(catalog, $0, arguments: arguments, begun: begun).run()
    }.run(arguments)
  }

  /// `evaluate`: judges a checkpoint of `catalog` as the command line says, and ends the process.
  public static func evaluate(_ catalog: ModelCatalog) -> Never {
    end(
      CommandLineProgram(
        catalog, "evaluate", "Judges a checkpoint of the \(catalog.title).", EvaluateOptions.self
      ) {
        try EvaluateCommand(catalog, $0).run()
      })
  }

  /// `predict`: says what a checkpoint of `catalog` makes of pictures, and ends the process.
  public static func predict(_ catalog: ModelCatalog) -> Never {
    end(
      CommandLineProgram(
        catalog, "predict", "Says what a trained \(catalog.title) makes of pictures.", PredictOptions.self
      ) {
        try PredictCommand(catalog, $0).run()
      })
  }

  private static func end<Options>(_ program: CommandLineProgram<Options>) -> Never {
    exit(program.run(Array(CommandLine.arguments.dropFirst())))
  }
}

/// A run that is about to train.
public struct RunBeginning {
  /// Where it keeps everything.
  public let folder: RunFolder
  /// What it was asked for, and what its network is built from.
  public let settings: Settings, configuration: JSONValue
}

/// What is said of a command line that cannot be understood: one line, with where to read on.
public func usageComplaint(_ message: String, help: String) -> String {
  let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
  return "error: \(line)\(line.hasSuffix("?") || line.hasSuffix(".") ? " See" : "; see") \(help).\n"
}

/// Parses and runs a command with its verbs; every error becomes one sentence and an exit code: 0, 1 for a failure, 2 for a
/// wrong command line.
///
/// - Parameters:
///   - help: what shows how it is used, after `swift run`.
///   - check: what is refused before anything is parsed.
public func runCommand(
  _ type: any ParsableCommand.Type, _ arguments: [String], help: String, check: () throws -> Void = {}
) -> Int32 {
  signal(SIGPIPE, SIG_IGN)  // a reader that has seen enough does not end a command
  do {
    try check()
    var command = try type.parseAsRoot(arguments)
    try command.run()
    return 0
  } catch let error as LabError {
    Terminal.writeError("error: \(error)\n")
    return error.exitCode
  } catch let error as ExitCode {
    return error.rawValue  // a child has said why
  } catch {
    let code = type.exitCode(for: error)
    guard code != .success else {
      print(type.fullMessage(for: error))
      return 0
    }
    guard code == .validationFailure else {
      Terminal.writeError("error: \(error).\n")
      return code.rawValue
    }
    Terminal.writeError(usageComplaint(type.message(for: error), help: "swift run \(help)"))
    return 2
  }
}

/// A program with its options: parses, runs, and turns every error into one sentence and an exit code.
struct CommandLineProgram<Options: ParsableArguments> {
  private let catalog: ModelCatalog
  private let name: String
  private let abstract: String
  private let body: (Options) throws -> Int32

  init(
    _ catalog: ModelCatalog, _ name: String, _ abstract: String, _ options: Options.Type,
    body: @escaping (Options) throws -> Int32
  ) {
    self.catalog = catalog
    self.name = name
    self.abstract = abstract
    self.body = body
  }

  /// Runs with `arguments` and gives the exit code: 0, 1 for a failure, 2 for a wrong command line.
  func run(_ arguments: [String]) -> Int32 {
    // A file that grows beyond a limit is then an error that a sentence can name, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    // And a reader that has seen enough (`train ... | head`) does not end a training.
    signal(SIGPIPE, SIG_IGN)
    if arguments.first == "help" || arguments.contains(where: { ["--help", "-h"].contains($0) }) {
      print(help)
      return 0
    }
    do {
      return try body(Options.parse(arguments.flatMap(separated)))
    } catch let error as LabError {
      Terminal.writeError("error: \(error)\n")
      return error.exitCode
    } catch {
      let isUsage = Options.exitCode(for: error) == .validationFailure
      guard isUsage else {
        Terminal.writeError("error: \(error).\n")
        return 1
      }
      Terminal.writeError(usageComplaint(Options.message(for: error), help: "swift run \(name) --help"))
      return 2
    }
  }

  /// `--explain=5` as two words: the parser drops what follows the sign where a value may be left out.
  private func separated(_ argument: String) -> [String] {
    argument.hasPrefix("--explain=")
      ? ["--explain", String(argument.dropFirst("--explain=".count))] : [argument]
  }

  /// What `--help` prints: flags with their defaults, the settings, then the table of experiments.
  var help: String {
    let usage = Options.helpMessage(columns: 100).replacing("<command>", with: "swift run \(name)")
    let settings = Options.self == TrainOptions.self ? settingsTable(catalog) + "\n\n" : ""
    let experiments = Options.self == PredictOptions.self ? "" : "\n\n" + settings + experimentTable(catalog)
    return "\(abstract)\n\n" + cleaned(usage) + experiments
  }

  /// The parser names the program after the type of its options; people type `swift run`.
  private func cleaned(_ usage: String) -> String {
    usage.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("USAGE: ") else { return String(line) }
      let flags = line.dropFirst("USAGE: ".count).drop { $0 != " " }
      return "USAGE: swift run \(name)" + flags
    }.joined(separator: "\n")
  }
}
