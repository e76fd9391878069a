import DataUtils
import Engine
import Testing
import Utils

@testable import Runner

/// What a row that `ImageExperiments` makes has, and what may change it.
@Suite struct ImageExperimentsTests {
  private static let network = NetworkPlan("tiny") { _, _ in .object([:]) }
  private static let data = DataPlan { _ in
    throw LabError(.data, "these tests need no data", remedy: "load none")
  }
  private static let experiment = ImageExperiments(
    network: network,
    settings: [
      .whole("width", 16, in: 1...100, "channels"), .number("dropout", 0.2, in: 0...0.99, "share"),
      .preset("size", "small", of: ["small": [:], "large": ["width": "32", "dropout": "0.3"]], "how large"),
    ], original: ["dropout": "0.5", "optimizer": "sgd", "momentum": "0.9"],
    overruling: [
      .preset("without", "nothing", of: ["nothing": [:], "dropout": ["dropout": "0"]], "what is taken away")
    ])

  private func row(with changes: [String: String] = [:]) -> Experiment {
    Self.experiment(
      "row", .strength, "a row", data: Self.data, with: changes, original: ["lighting": "0.1"],
      band: .atLeast(0.5, of: .test))
  }

  @Test func todaysRecipeUnlessTheEraIsAskedFor() throws {
    var settings = row().settings
    #expect(settings.string("optimizer") == "adamw" && settings.double("weight_decay") == 0.01)
    #expect(settings.double("momentum") == 0 && settings.double("lighting") == 0)
    try settings.apply(word: "era=original")
    #expect(settings.string("optimizer") == "sgd" && settings.double("momentum") == 0.9)
    #expect(settings.double("dropout") == 0.5 && settings.double("lighting") == 0.1)
  }

  @Test func aRowHasItsOwnDefaultsAndTheOthersKeepTheirs() {
    #expect(row(with: ["width": "8"]).settings.count("width") == 8)
    #expect(row().settings.count("width") == 16)
  }

  @Test func theEraIsHeardAfterTheNetworksPresetsAndBeforeThoseThatOverrule() throws {
    var settings = row().settings
    try settings.apply(word: "size=large")
    #expect(settings.double("dropout") == 0.3)
    try settings.apply(word: "era=original")
    #expect(settings.double("dropout") == 0.5 && settings.count("width") == 32)
    try settings.apply(word: "without=dropout")
    #expect(settings.double("dropout") == 0 && settings.string("optimizer") == "sgd")
  }

  @Test func aDefaultThatNoSettingHasTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Self.experiment(
        "row", .strength, "a row", data: Self.data, with: ["widht": "8"], band: .atLeast(0.5, of: .test))
    }
  }
}
