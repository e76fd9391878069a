import ArgumentParser
import Foundation
import Runner
import Utils

/// `lab gradcheck MODEL`: the gradients of a whole network against central differences.
struct GradcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract:
      "Checks the gradients of a model's network by central differences; KERNELS=reference for the loops.")

  @Argument(help: ArgumentHelp("The model's folder below models, or a part of its name.", valueName: "model"))
  var model: String
  @Option(
    help: ArgumentHelp(
      "The experiment (default: the model's first that learns by gradients).", valueName: "name"))
  var experiment: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many numbers of each parameter to check.", valueName: "n"))
  var entries = "10"

  func run() throws {
    let workspace = try Workspace()
    let program = try ModelProgram(named: model, in: workspace)
    let arguments = ["--gradcheck", entries] + (experiment.map { ["--experiment", $0] } ?? [])
    let answer = try program.ask(arguments)
    let rows = answer["parameters"]?.array ?? []
    print(title(answer))
    print(
      aligned([["PARAMETER", "SHAPE", "CHECKED", "WORST", "OURS", "DIFFERENCE", "ERROR"]] + rows.map(cells)))
    for name in answer["unused"]?.array?.compactMap(\.string) ?? [] {
      print("\(name) takes no part in the loss")
    }
    guard let worst = rows.max(by: { error($0) < error($1) }) else {
      throw LabError(
        .training, "\(program.folder) has no parameter that learns by a gradient",
        remedy: "choose another model")
    }
    let name = worst["name"]?.string ?? ""
    print("\nworst: \(name)\(place(worst)), \(percent(error(worst)))")
    guard answer["passed"]?.bool == true else {
      throw LabError(
        .training,
        "the gradient of \(name) is off by \(percent(error(worst))), and \(percent(answer["tolerance"]?.double ?? 0)) is allowed",
        remedy: "look at the derivatives of the ops that use \(name), first with KERNELS=reference")
    }
  }

  private func title(_ answer: JSONValue) -> String {
    "\(answer["model"]?.string ?? model), experiment \(answer["experiment"]?.string ?? "-"): loss "
      + "\(figure(answer["loss"]?.double ?? .nan)) of \(answer["samples"]?.int ?? 0) samples, "
      + "\(answer["kernels"]?.string ?? "-") kernels\n"
  }

  private func cells(_ row: JSONValue) -> [String] {
    [
      row["name"]?.string ?? "", place(row, of: "shape"), "\(row["checked"]?.int ?? 0)", place(row),
      compact(row["analytic"]?.double ?? .nan), compact(row["numeric"]?.double ?? .nan), percent(error(row)),
    ]
  }

  private func place(_ row: JSONValue, of key: String = "worst") -> String {
    "[" + (row[key]?.array ?? []).map { "\($0.int ?? 0)" }.joined(separator: ", ") + "]"
  }

  private func error(_ row: JSONValue) -> Double { row["error"]?.double ?? .infinity }

  private func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }
}
