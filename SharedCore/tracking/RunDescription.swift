import Foundation
import Utils

/// What is known of a run before its first step.
public struct RunDescription: Equatable, Sendable {
  /// Six letters and digits, from the run's folder.
  public var id: String
  /// The model package: "01_perceptron".
  public var model: String
  /// The network, as checkpoints name it: "Perceptron".
  public var architecture: String
  /// The experiment: "iris-hard".
  public var experiment: String
  /// The data set: "iris".
  public var dataset: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// Every setting after all changes of the command line: an object, nested as deep as the settings are.
  public var config: JSONValue
  /// Words the person gave the run to find it by.
  public var tags: [String]
  /// The command line, program first, with `***` for the passwords of addresses.
  public var command: [String]
  /// The commit of the code; nil outside a checkout.
  public var git: GitFacts?
  /// The machine.
  public var machine: MachineFacts
  /// Versions of the libraries that compute: `["oneDNN": "2.6.0"]`.
  public var libraries: [String: String]
  /// When the run started.
  public var started: Date
  /// SHA-256 of the checkpoint that the run continues or starts from; nil for a fresh one.
  public var parent: String?

  /// A description as given.
  public init(
    id: String, model: String, architecture: String, experiment: String, dataset: String, seed: UInt64,
    config: JSONValue = .object([:]), tags: [String] = [], command: [String], git: GitFacts? = nil,
    machine: MachineFacts, libraries: [String: String] = [:], started: Date = Date(), parent: String? = nil
  ) {
    (self.id, self.model, self.architecture, self.experiment) = (id, model, architecture, experiment)
    (self.dataset, self.seed, self.config, self.tags) = (dataset, seed, config, tags)
    self.command = command.map(hidingPasswords)
    (self.git, self.machine, self.libraries) = (git, machine, libraries)
    (self.started, self.parent) = (started, parent)
  }

  /// The command line as a shell would take it.
  public var commandLine: String { command.map(shellQuoted).joined(separator: " ") }

  /// The configuration as flat pairs in the order of their keys: `optimizer.learning_rate` and `0.1`.
  ///
  /// Objects are entered, arrays stay one value: `[30,60]`. Texts stand without quotation marks.
  public var parameters: [(key: String, value: String)] {
    flattened(config)
  }

  /// The same with their values as they are in the configuration.
  var typedParameters: [(key: String, value: JSONValue)] {
    members(of: config, key: "").sorted { $0.key < $1.key }
  }

  /// Commit, machine, libraries and command line: what a result needs to be believed.
  var provenance: [String: JSONValue] {
    [
      "id": .string(id), "model": .string(model), "architecture": .string(architecture),
      "dataset": .string(dataset),
      "seed": Int64(exactly: seed).map(JSONValue.integer) ?? .string(String(seed)),
      "command": .string(commandLine),
      "started": .string(Timestamp.iso8601(started)), "parent": parent.map(JSONValue.string) ?? .null,
      "git": git.map { git in
        .object([
          "commit": git.commit.map(JSONValue.string) ?? .null,
          "branch": git.branch.map(JSONValue.string) ?? .null, "dirty": .bool(git.isDirty),
        ])
      } ?? .null,
      "machine": machineJSON,
    ]
  }

  /// The machine and its libraries.
  var machineJSON: JSONValue {
    .object([
      "host": .string(machine.host), "cpu": .string(machine.cpu), "cores": .integer(Int64(machine.cores)),
      "memory": .integer(Int64(machine.memory)), "system": .string(machine.system),
      "swift": .string(machine.swift), "libraries": .object(libraries.mapValues(JSONValue.string)),
    ])
  }
}

/// The members of an object as flat pairs in the order of their keys: `libraries.oneDNN` and `2.6.3`.
public func flattened(_ value: JSONValue) -> [(key: String, value: String)] {
  members(of: value, key: "").sorted { $0.key < $1.key }.map { ($0.key, $0.value.string ?? $0.value.text()) }
}

private func members(of value: JSONValue, key: String) -> [(key: String, value: JSONValue)] {
  switch value {
  case .object(let inner) where !inner.isEmpty:
    inner.flatMap { members(of: $0.value, key: key.isEmpty ? $0.key : "\(key).\($0.key)") }
  case .object where key.isEmpty: []
  default: [(key, value)]
  }
}

/// `word` as a shell reads it back: in single quotation marks unless it is plain.
public func shellQuoted(_ word: String) -> String {
  let plain =
    !word.isEmpty
    && word.unicodeScalars.allSatisfy { letter in
      "a"..."z" ~= letter || "A"..."Z" ~= letter || "0"..."9" ~= letter
        || "-_./=:,+@%".unicodeScalars.contains(letter)
    }
  return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

/// The words of a line that `shellQuoted` words were joined to.
public func shellWords(_ line: String) -> [String] {
  var words: [String] = []
  var word: String?
  var (isQuoted, isEscaped) = (false, false)
  for letter in line {
    switch letter {
    case _ where isEscaped:
      word = (word ?? "") + String(letter)
      isEscaped = false
    case "'":
      isQuoted.toggle()
      word = word ?? ""
    case "\\" where !isQuoted: isEscaped = true
    case _ where letter.isWhitespace && !isQuoted:
      if let word { words.append(word) }
      word = nil
    default: word = (word ?? "") + String(letter)
    }
  }
  return words + [word].compactMap(\.self)
}
