import Engine
import Foundation
import Testing

@Suite("The drawn example of docs/from-scalar-to-tensor.md")
struct DrawnExampleTests {
  @Test("y = relu(w x + b) and its way back give the numbers that are drawn")
  func drawing() {
    let x = Tensor([3])
    let w = Parameter(Tensor([2]))
    let b = Parameter(Tensor([-1]))
    let (y, gradients) = valueAndGradients { relu(w.value * x + b.value) }
    #expect(y.elements == [5])
    #expect(gradients[w]?.elements == [3] && gradients[b]?.elements == [1])
  }

  @Test("where the sum is below zero, nothing flows back")
  func closedRelu() {
    let (w, b) = (Parameter(Tensor([-2])), Parameter(Tensor([-1])))
    let (y, gradients) = valueAndGradients { relu(w.value * Tensor([3]) + b.value) }
    #expect(y.elements == [0])
    #expect(gradients[w]?.elements == [0] && gradients[b]?.elements == [0])
  }

  @Test("every path to a file in the document exists, and its code is this test's")
  func document() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let text = try String(contentsOf: root.appending(path: "docs/from-scalar-to-tensor.md"), encoding: .utf8)
    let test = try String(contentsOfFile: #filePath, encoding: .utf8)
    let code = try #require(
      text.split(separator: "```swift\n").dropFirst().first?.split(separator: "```").first)
    for line in code.split(separator: "\n") where !line.contains("//") {
      #expect(test.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
    }
    let links = text.split(separator: "](../").dropFirst().map { $0.prefix { $0 != ")" && $0 != "#" } }
    #expect(links.count > 10)
    for link in links {
      #expect(FileManager.default.fileExists(atPath: root.appending(path: String(link)).path), "\(link)")
    }
  }
}
