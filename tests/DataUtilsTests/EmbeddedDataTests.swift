import Testing

@testable import DataUtils

@Suite("Embedded data")
struct EmbeddedDataTests {
  @Test func irisHasItsRows() {
    let iris = EmbeddedData.iris()
    #expect(iris.count == 150)
    #expect(iris.classCounts == [50, 50, 50])
  }
}
