import Engine
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("Preprocessing")
struct PreprocessingTests {
  private func applied(_ preprocessing: Preprocessing, _ numbers: [Float], shape: Shape) -> [Float] {
    var copy = numbers
    var span = copy.mutableSpan
    preprocessing.apply(to: &span, shape: shape)
    return copy
  }

  @Test func standardisedTrainingHasMeanZeroAndDeviationOne() throws {
    let iris = EmbeddedData.iris()
    let loader = Loader(iris, preprocessing: .standardized(Standardizer(fitting: iris)))
    var batches = loader.batches(epoch: 1)
    let inputs = try #require(try batches.next()).inputs.elements.map(Double.init)
    for column in 0..<4 {
      let values = stride(from: column, to: inputs.count, by: 4).map { inputs[$0] }
      let mean = values.reduce(0, +) / 150
      #expect(abs(mean) < 1e-6)
      #expect(abs(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 150 - 1) < 1e-5)
    }
  }

  @Test func aFeatureThatNeverVariedIsZeroEverywhere() {
    let dataset = Dataset(
      name: "constant", sampleShape: [2], features: .floats([0.1, 1, 0.1, 2, 0.1, 3]), labels: [0, 0, 0],
      classNames: ["a"])
    let standardizer = Standardizer(fitting: dataset)
    #expect(standardizer.deviations[0] == 0)
    #expect(applied(.standardized(standardizer), [0.1, 2, 5, 2], shape: [2]) == [0, 0, 0, 0])
  }

  @Test func normalisationIsByChannel() {
    let normalization = Normalization(means: [0.5, 0], deviations: [0.25, 2])
    #expect(applied(.normalized(normalization), [0.5, 1, 2, 4], shape: [2, 1, 2]) == [0, 2, 1, 2])
    #expect(applied(.normalized(.mnist), [0.1307], shape: [1, 1, 1]) == [0])
  }

  @Test func comesBackFromJSONExactly() throws {
    let all: [Preprocessing] = [
      .none, .standardized(Standardizer(fitting: EmbeddedData.breastCancer())), .normalized(.imageNet),
    ]
    for preprocessing in all {
      let text = preprocessing.json.text()
      #expect(try Preprocessing(json: JSONValue(parsing: text)) == preprocessing)
    }
  }

  @Test(arguments: [
    #"{}"#, #"{"kind": "whiten"}"#, #"{"kind": "normalize"}"#,
    #"{"kind": "normalize", "means": [1], "deviations": [0]}"#,
    #"{"kind": "normalize", "means": [1], "deviations": [1, 2]}"#,
    #"{"kind": "standardize", "means": [1], "deviations": [-1]}"#,
    #"{"kind": "standardize", "means": ["a"], "deviations": [1]}"#,
    #"{"kind": "standardize", "means": [1e300], "deviations": [1]}"#, #"[1]"#,
  ])
  func refusesDamagedJSON(text: String) throws {
    let json = try JSONValue(parsing: text)
    expectLabError(mentioning: "preprocessing") { _ = try Preprocessing(json: json) }
  }
}
