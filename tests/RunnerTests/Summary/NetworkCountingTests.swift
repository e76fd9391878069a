import DataUtils
import Engine
import TestSupport
import Testing
import Utils

@testable import Runner

@Suite struct NetworkCountingTests {
  private func answer(_ arguments: String..., of catalog: ModelCatalog = tinyCatalog) throws -> JSONValue {
    let options = try TrainOptions.parse(arguments)
    return try NetworkCounting(catalog: catalog, options: options).json(
      input: try #require(options.questions.summary))
  }

  @Test func theNetworkOfAnExperimentIsCounted() throws {
    let answer = try answer("--experiment", "pictures", "--summary", "auto")
    #expect(answer["model"] == "99_tiny" && answer["experiment"] == "pictures")
    #expect(answer["architecture"] == "tiny" && answer["fingerprint"]?.string?.isEmpty == false)
    let summary = try #require(NetworkSummary(json: answer["summary"] ?? nil))
    #expect(summary.input == [1, 4, 4] && summary.parameters == 17 && summary.multiplyAdds == 16)
  }

  @Test func theFirstExperimentAndAnotherSampleAreTaken() throws {
    let answer = try answer("--summary", "2x1")
    #expect(answer["experiment"] == "three-blobs")
    #expect(NetworkSummary(json: answer["summary"] ?? nil)?.input == [2, 1])
  }

  @Test func withoutDataTheNetworkIsCountedAsTheSettingsSay() throws {
    let plan = DataPlan(
      settings: [.whole("width", 3, in: 1...9, "numbers a sample")],
      outline: { settings in
        let width = settings.count("width")
        let blank = Dataset(
          name: "blank", sampleShape: [width], features: .floats([Float](repeating: 0, count: width)),
          labels: [0], classNames: ["no", "yes"])
        return ExperimentData(DataSplits(trainingOnAll: blank))
      }
    ) { _ in throw LabError(.data, "the data set is not here", remedy: "fetch it") }
    let catalog = ModelCatalog(
      folder: "98_absent", title: "Tiny", architectures: tinyCatalog.architectures,
      experiments: [
        Experiment(
          "absent", purpose: .debug, summary: "", data: plan,
          network: NetworkPlan("tiny") { _, data in ["inputs": .integer(Int64(data.inputs)), "outputs": 1] },
          training: .sgd(.binaryCrossEntropy), epochs: 1, learningRate: 0.1, plots: [],
          band: .atLeast(1, of: .all))
      ])
    let answer = try answer("--summary", "auto", "width=5", of: catalog)
    #expect(answer["fingerprint"] == "")
    #expect(NetworkSummary(json: answer["summary"] ?? nil)?.input == [5])
    expectLabError(mentioning: "the data set nothing is not here") {
      try self.answer("--experiment", "failing", "--summary", "auto")
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    expectLabError(mentioning: "99_tiny has no experiment zor", exitCode: 2) {
      try answer("--summary", "auto", "--experiment", "zor")
    }
    expectLabError(mentioning: "--input 0x5") { try answer("--summary", "0x5") }
  }
}

@Suite struct SampleSizeTests {
  @Test func sizesAreRead() throws {
    #expect(try SampleSize.parse("3x224x224") == [3, 224, 224])
    #expect(try SampleSize.parse("784") == [784])
    #expect(try SampleSize.parse("1X2") == [1, 2])
  }

  @Test(arguments: [
    "", "x", "3x", "0x5", "-3x5", "3x2.5", "3,224", "1x1x1x1x1x1x1x1", "9999999999999999999999",
  ])
  func whatIsNoShapeIsRefused(text: String) throws {
    expectLabError(mentioning: "--input \(text) is no shape", exitCode: 2) { try SampleSize.parse(text) }
  }

  @Test(arguments: ["3x99999x99999", "16000001", "9223372036854775807x9223372036854775807x1"])
  func whatIsTooLargeIsRefused(text: String) throws {
    expectLabError(mentioning: "more than 16,000,000 numbers") { try SampleSize.parse(text) }
  }
}
