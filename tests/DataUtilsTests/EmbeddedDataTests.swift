import Testing

@testable import DataUtils

/// The expected numbers are scikit-learn 1.9.1's:
/// `python -c "from sklearn.datasets import *; d = load_iris(); print(d.data.mean(0), d.data.std(0))"`.
@Suite("Embedded data")
struct EmbeddedDataTests {
  @Test func iris() throws {
    let iris = EmbeddedData.iris()
    #expect(iris.count == 150)
    #expect(iris.sampleShape == [4])
    #expect(iris.classCounts == [50, 50, 50])
    #expect(iris.classNames == ["setosa", "versicolor", "virginica"])
    #expect(
      iris.featureNames == ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"])
    expectStatistics(
      iris, means: [5.843333, 3.057333, 3.758, 1.199333],
      deviations: [0.8253013, 0.434411, 1.759404, 0.7596926])
    // The two rows that the copy at UCI has wrong.
    #expect(try iris.sample(34) == [4.9, 3.1, 1.5, 0.2])
    #expect(try iris.sample(37) == [4.9, 3.6, 1.4, 0.1])
    #expect(iris.citation.contains("Fisher"))
    #expect(iris.licence.contains("CC BY 4.0"))
  }

  @Test func wine() {
    let wine = EmbeddedData.wine()
    #expect(wine.count == 178)
    #expect(wine.classCounts == [59, 71, 48])
    expectStatistics(
      wine,
      means: [
        13.00062, 2.336348, 2.366517, 19.49494, 99.74157, 2.295112, 2.02927, 0.3618539, 1.590899, 5.05809,
        0.9574494, 2.611685, 746.8933,
      ],
      deviations: [
        0.8095429, 1.114004, 0.2735723, 3.33017, 14.24231, 0.6240906, 0.996049, 0.1241033, 0.5707488,
        2.311765,
        0.2279286, 0.7079933, 314.0217,
      ])
  }

  @Test func breastCancer() {
    let tumours = EmbeddedData.breastCancer()
    #expect(tumours.count == 569)
    #expect(tumours.classNames == ["malignant", "benign"])
    #expect(tumours.classCounts == [212, 357])
    expectStatistics(
      tumours,
      means: [
        14.12729, 19.28965, 91.96903, 654.8891, 0.09636028, 0.104341, 0.08879932, 0.04891915, 0.1811619,
        0.06279761, 0.4051721, 1.216853, 2.866059, 40.33708, 0.007040979, 0.02547814, 0.03189372, 0.01179614,
        0.0205423, 0.003794904, 16.26919, 25.67722, 107.2612, 880.5831, 0.1323686, 0.254265, 0.2721885,
        0.1146062,
        0.2900756, 0.08394582,
      ],
      deviations: [
        3.520951, 4.297255, 24.27762, 351.6048, 0.01405176, 0.05276633, 0.07964973, 0.03876873, 0.02739018,
        0.007054156, 0.2770689, 0.5511634, 2.020077, 45.45101, 0.002999878, 0.01789244, 0.03015952,
        0.006164861,
        0.008259104, 0.002643745, 4.828993, 6.140854, 33.573, 568.8565, 0.02281236, 0.1571982, 0.2084409,
        0.06567455, 0.06181308, 0.01804539,
      ])
  }

  @Test func digits() throws {
    let digits = EmbeddedData.digits()
    #expect(digits.count == 1797)
    #expect(digits.sampleShape == [1, 8, 8])
    #expect(digits.classCounts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(digits.labels.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    let numbers = try (0..<digits.count).flatMap { try digits.sample($0) }
    let mean = numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
    #expect(abs(mean * 16 - 4.884164579855314) < 1e-9)
    let standardizer = Standardizer(fitting: digits)
    for (pixel, mean, deviation) in [
      (2, 0.32529911, 0.29709395), (20, 0.44362131, 0.38587562), (36, 0.64385086, 0.37073994),
    ] {
      #expect(abs(Double(standardizer.means[pixel]) - mean) < 1e-6)
      #expect(abs(Double(standardizer.deviations[pixel]) - deviation) < 1e-6)
    }
    #expect(standardizer.deviations.indices.filter { standardizer.deviations[$0] == 0 } == [0, 32, 39])
  }

  /// Means by `awk -F, '$3 != "NA"'` over the published file; two of its 344 rows have no measurements.
  @Test func penguinsWithoutMeasurementsAreCounted() {
    let penguins = EmbeddedData.penguins()
    #expect(penguins.count == 342)
    #expect(penguins.omittedRowCount == 2)
    #expect(penguins.classNames == ["Adelie", "Gentoo", "Chinstrap"])
    #expect(penguins.classCounts == [151, 123, 68])
    let means = Standardizer(fitting: penguins).means
    for (mean, expected) in zip(means, [43.92193, 17.151169, 200.9152, 4201.754]) {
      #expect(abs(Double(mean) / expected - 1) < 1e-6)
    }
  }

  private func expectStatistics(_ dataset: Dataset, means: [Double], deviations: [Double]) {
    let standardizer = Standardizer(fitting: dataset)
    #expect(standardizer.means.count == means.count)
    for column in means.indices {
      #expect(abs(Double(standardizer.means[column]) / means[column] - 1) < 1e-6, "mean of column \(column)")
      #expect(
        abs(Double(standardizer.deviations[column]) / deviations[column] - 1) < 1e-6,
        "deviation of column \(column)")
    }
  }
}
