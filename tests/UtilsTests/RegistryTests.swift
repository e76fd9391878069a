import Testing

@testable import Utils

@Suite("Registry")
struct RegistryTests {
  private func shapes() -> Registry<Int> {
    var registry = Registry<Int>("shape")
    registry.register("triangle", 3, description: "three corners")
    registry.register("square_shape", 4, description: "four corners")
    return registry
  }

  @Test func choicesByNameInTheirOrder() throws {
    let shapes = shapes()
    #expect(shapes.names == ["triangle", "square_shape"])
    #expect(shapes.list.map(\.description) == ["three corners", "four corners"])
    #expect(try shapes.get("Square-Shape") == 4)
    #expect(shapes.has("triangle") && !shapes.has("circle"))
  }

  @Test func anUnknownNameListsTheKnownOnesAndTheNearest() {
    let error = #expect(throws: LabError.self) { try shapes().get("trianlge") }
    #expect(error?.exitCode == 2)
    #expect(
      error?.description
        == "there is no shape called \"trianlge\"; did you mean triangle? choose among triangle, square_shape."
    )
  }

  @Test func registeringAgainWarnsAndReplaces() throws {
    var registry = shapes()
    var warnings: [String] = []
    registry.register("Triangle", 33, description: "again") { warnings.append($0) }
    registry.register("circle", 0, description: "none") { warnings.append($0) }
    #expect(warnings == ["the shape triangle was registered before and is replaced"])
    #expect(try registry.get("triangle") == 33)
    #expect(registry.names == ["Triangle", "square_shape", "circle"])
    registry.clear()
    #expect(registry.list.isEmpty)
  }
}
