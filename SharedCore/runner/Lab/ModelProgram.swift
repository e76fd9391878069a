import Foundation
import Runner
import Utils

/// The `train` of a model, which `lab` builds and asks: nothing here depends on a model.
struct ModelProgram {
  /// The model's folder below `models`: `01_perceptron`.
  let folder: String
  private let workspace: Workspace

  /// The model that is called `name`, or the only one whose folder holds it.
  init(named name: String, in workspace: Workspace) throws {
    folder = try workspace.model(named: name)
    self.workspace = workspace
  }

  /// The folder of the model's package.
  var package: URL { workspace.root.appending(path: "models/\(folder)") }

  /// Where SwiftPM puts the products of every package that shares the workspace's build folder: of the one built last.
  private var products: URL {
    URL(filePath: buildFolder, directoryHint: .isDirectory).appending(path: "debug")
  }

  private var buildFolder: String {
    ProcessInfo.processInfo.environment["SWIFTPM_BUILD_DIR"]
      ?? workspace.root.appending(path: ".build").path
  }

  /// Builds the package; throws its first errors when it does not build.
  ///
  /// Its programs are linked anew: where another package's lie in their place, SwiftPM does not always notice.
  func build() throws {
    for product in ["train", "evaluate"] {
      try? FileManager.default.removeItem(at: products.appending(path: product))
    }
    var swift = Child(URL(filePath: "/usr/bin/env"), ["swift", "build"])
    swift.folder = package
    swift.environment["SWIFTPM_BUILD_DIR"] = buildFolder
    // A build that has nothing to do takes a second.
    let notice = DispatchWorkItem { [folder] in Terminal.writeError("building \(folder) ...\n") }
    DispatchQueue.global().asyncAfter(deadline: .now() + 2, execute: notice)
    defer { notice.cancel() }
    let ending = try swift.run()
    guard ending.code == 0 else {
      let lines = (ending.output + ending.errors).split(separator: "\n").filter { $0.contains("error:") }
      throw LabError(
        .model, "\(folder) does not build: \(lines.prefix(3).joined(separator: " "))",
        remedy: "see all of it with: cd models/\(folder) && swift build")
    }
  }

  /// `train` or `evaluate`, which must be built, with these arguments.
  func program(_ product: String, _ arguments: [String]) -> Child {
    var child = Child(products.appending(path: product), arguments)
    child.folder = package
    return child
  }

  /// What `train` with these arguments answers, after a build: one JSON object on its last line.
  ///
  /// - Parameter trapped: what it means when the program breaks a contract.
  func ask(_ arguments: [String], trapped: String? = nil) throws -> JSONValue {
    try build()
    return try program("train", arguments).answer(trapped: trapped ?? "the train of \(folder) broke off")
  }
}

extension Workspace {
  /// The folders of all model packages, sorted: `01_perceptron`, ...
  var models: [String] {
    let models = root.appending(path: "models")
    return ((try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []).filter {
      !$0.hasPrefix("_")
        && FileManager.default.fileExists(atPath: models.appending(path: "\($0)/Package.swift").path)
    }.sorted()
  }

  /// The model that is called `name`, or the only one whose folder holds it; throws a `LabError` that lists them.
  func model(named name: String) throws -> String {
    let all = models
    let wanted = name.lowercased()
    let fitting =
      all.contains(name) ? [name] : all.filter { $0.lowercased().contains(wanted) && !wanted.isEmpty }
    guard fitting.count == 1 else {
      throw LabError(
        .usage,
        fitting.isEmpty
          ? "there is no model \(name.quoted)" : "\(name.quoted) may be \(fitting.joined(separator: " or "))",
        remedy: "the models are \(all.joined(separator: ", "))")
    }
    return fitting[0]
  }
}
