import Testing
import Utils

@testable import Engine

@Suite("Networks with several inputs") struct InputLayoutTests {
  private let layout = InputLayout(["picture": [2, 1, 2], "numbers": [3]])

  /// The picture's sum for each of the numbers.
  private final class Weighing: HasSeveralInputs {
    let inputs = InputLayout(["picture": [2, 1, 2], "numbers": [3]])
    func callAsFunction(_ inputs: [Tensor]) -> Tensor {
      inputs[0].flattened(from: 1).sum(over: [1], keepingDimensions: true) * inputs[1]
    }
  }

  @Test func rowsAreTakenApartAndPutTogether() {
    let x = Tensor((1...14).map(Float.init), shape: [2, 7])
    let parts = layout.split(x)
    #expect(layout.width == 7 && parts.map(\.shape) == [[2, 2, 1, 2], [2, 3]])
    #expect(parts[0].elements == [1, 2, 3, 4, 8, 9, 10, 11] && parts[1].elements == [5, 6, 7, 12, 13, 14])
    #expect(layout.joined(parts).elements == x.elements)
    #expect(layout.range(of: "numbers") == 4..<7 && layout.range(of: "sound") == nil)
  }

  @Test func aNetworkOfSeveralInputsIsALayer() {
    let x = Tensor((1...14).map(Float.init), shape: [2, 7])
    let network: any Layer = Weighing()
    #expect(network(x).elements == [50, 60, 70, 456, 494, 532])
    let (_, gradients) = valueAndGradients(at: [x]) { network($0[0]) }
    #expect(gradients[0]?.elements == [18, 18, 18, 18, 10, 10, 10, 39, 39, 39, 39, 38, 38, 38])
  }
}
