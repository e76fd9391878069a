import Foundation
import Utils

/// A sweep as Weights & Biases writes it down: which settings are changed, how they are chosen, and what decides.
///
/// Keys and meanings are those of its sweep configuration; `bayes` is refused, and what is for its agents is ignored.
public struct SweepFile {
  /// How combinations are chosen.
  enum Method: String, CaseIterable {
    case grid, random
  }

  private static let ignorable = [
    "program", "command", "project", "entity", "name", "description", "controller", "imageuri", "image_uri",
    "job", "launch", "scheduler", "prior_runs", "$schema",
  ]
  private static let deepest = 8

  /// The file's name, without its folder.
  let name: String
  let method: Method
  /// In the order of the file.
  let parameters: [SweepParameter]
  let objective: Objective?
  let hyperband: Hyperband?
  /// The most runs; nil for no limit.
  let runCap: Int?
  /// What stands in the file and changes nothing here.
  let ignored: [String]
  /// The whole text, which the study keeps.
  let text: String

  /// Reads the file at `url`; `keys` are the settings that there are, under all their names, and `meaning` gives the key that
  /// a name means.
  ///
  /// Throws a `LabError` that names what is not as it should be.
  public init(
    contentsOf url: URL, keys: [String], meaning: (String) -> String = { $0 }
  ) throws {
    guard let bytes = SweepReader.file.bytes(url) else {
      throw LabError(
        .usage, "there is no sweep file \(url.relativePath)",
        remedy: "check the path, or write --sweep key=value,value")
    }
    try self.init(bytes, name: url.lastPathComponent, keys: keys, meaning: meaning)
  }

  /// Reads `bytes`, the content of the file called `name`.
  init(
    _ bytes: [UInt8], name: String, keys: [String], meaning: (String) -> String = { $0 }
  ) throws {
    let reader = try SweepReader(bytes, name: name)
    try reader.check(
      keys: ["method", "parameters", "metric", "early_terminate", "run_cap"] + Self.ignorable)
    self.name = name
    text = String(decoding: bytes, as: UTF8.self)
    method = try Self.method(reader)
    guard let listed = try reader.part("parameters"), !listed.pairs.isEmpty else {
      throw reader.error("has no parameters", "add parameters: and below it the settings to change")
    }
    parameters = try Self.parameters(listed, under: [], keys: keys, meaning)
    if let twice = Dictionary(grouping: parameters, by: \.key).first(where: { $0.value.count > 1 }) {
      throw listed.error("gives the setting \(twice.key) twice", "name each once")
    }
    let metric = try reader.part("metric")
    objective = try metric.map(Objective.init)
    hyperband = try reader.part("early_terminate").flatMap(Hyperband.init)
    guard hyperband == nil || objective != nil else {
      throw reader.error(
        "ends runs early and has no metric", "add metric: with name: and goal: below it")
    }
    runCap = try reader.count("run_cap")
    ignored =
      reader.pairs.map(\.key).filter(Self.ignorable.contains)
      + ["impute", "impute_while_running"].filter { metric?.has($0) == true }
  }

  private static func method(_ reader: SweepReader) throws -> Method {
    guard let name = try reader.text("method") else {
      throw reader.error("has no method", "add the line method: grid, or method: random")
    }
    if let method = Method(rawValue: name) { return method }
    if name == "bayes" {
      throw reader.error(
        "asks for the method bayes, which this workspace does not have", "say random, or grid")
    }
    let near = nearestName(to: name, in: Method.allCases.map(\.rawValue)).map { "did you mean \($0)? " } ?? ""
    throw reader.error("has the unknown method \(name.quoted)", near + "there are grid and random")
  }

  /// The parameters of a mapping; nested ones mean the setting of their joined names, or that of the last name.
  private static func parameters(
    _ reader: SweepReader, under outer: [String], keys: [String], _ meaning: (String) -> String
  ) throws -> [SweepParameter] {
    try reader.pairs.flatMap { key, _ -> [SweepParameter] in
      guard let part = try reader.part(key) else { return [] }
      let path = outer + [key]
      if path.count < deepest, let inner = try part.part("parameters") {
        try part.check(keys: ["parameters"])
        return try parameters(inner, under: path, keys: keys, meaning)
      }
      let names = [path.joined(separator: "."), path.joined(separator: "_"), key].map {
        $0.replacing("-", with: "_")
      }
      guard let setting = names.first(where: keys.contains) else {
        let near = nearestName(to: key, in: keys).map { "did you mean \($0)? " } ?? ""
        throw reader.error(
          "changes \(key.quoted), and there is no such setting",
          near + "the settings are \(keys.joined(separator: ", "))")
      }
      return [try SweepParameter(meaning(setting), part)]
    }
  }
}
