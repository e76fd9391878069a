import Testing

@testable import Engine

@Suite struct GradCAMTests {
  /// Two maps, twice the input's channels; y_k = sum over c of v_kc (mean of A_c)^2.
  private final class Squares: ConvolutionalNetwork {
    let v: Tensor

    init(_ v: [[Float]]) { self.v = Tensor(v.flatMap { $0 }, shape: [v.count, 2]) }

    func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] { [("half", x), ("whole", x * 2)] }

    func classify(_ maps: Tensor) -> Tensor {
      matmul(square(maps.mean(over: [2, 3])), v.transposed())
    }
  }

  /// A = 2x has the means (5, 2), so that y = (25 - 4, 4) and the first class is said. Its gradient by every place of map
  /// c is v_c 2 mean(A_c) / 4: a = (2.5, -1), and the heat is relu(2.5 A_1 - A_2).
  @Test func numbersByHand() {
    let x = Tensor([1, 2, 3, 4, 0, 4, 0, 0], shape: [1, 2, 2, 2])
    let (heat, classes) = gradCAM(Squares([[1, -1], [0, 1]]), x)
    #expect(classes == [0])
    #expect(heat.shape == [1, 2, 2])
    #expect(heat.elements == [5, 2, 15, 20])
    // The second class hears only of the second map: a = (0, 1).
    let second = gradCAM(Squares([[1, -1], [0, 1]]), x, classes: [1])
    #expect(second.heat.elements == [0, 8, 0, 0] && second.classes == [1])
  }

  /// The only output speaks for class 1, and against class 0.
  @Test func oneOutputHasTwoSides() {
    let x = Tensor([1, 2, 3, 4, 0, 4, 0, 0], shape: [1, 2, 2, 2])
    let network = Squares([[0, 1]])
    #expect(gradCAM(network, x).classes == [1])
    #expect(gradCAM(network, x, classes: [1]).heat.elements == [0, 8, 0, 0])
    #expect(gradCAM(network, x, classes: [0]).heat.elements == [0, 0, 0, 0])
  }

  /// A sample's heat does not depend on the others in the batch.
  @Test func samplesStandAlone() {
    let (a, b): ([Float], [Float]) = ([1, 2, 3, 4, 0, 4, 0, 0], [0, 1, 0, 1, 5, 5, 5, 1])
    let network = Squares([[1, -1], [0, 1]])
    let both = gradCAM(network, Tensor(a + b, shape: [2, 2, 2, 2]))
    let alone = [a, b].map { gradCAM(network, Tensor($0, shape: [1, 2, 2, 2])) }
    #expect(both.classes == [0, 1])
    #expect(both.heat.elements == alone.flatMap { $0.heat.elements })
  }

  /// What a convolutional network answers is what it classifies, also behind an average of its weights.
  @Test func theWholeIsTheSumOfItsStages() {
    let x = Tensor([1, 2, 3, 4, 0, 4, 0, 0], shape: [1, 2, 2, 2])
    let network = Squares([[1, -1], [0, 1]])
    #expect(network(x).elements == [21, 4])
    let averaged: any Layer = Averaged(network, by: .exponential(decay: 0.9))
    #expect((averaged as? any ConvolutionalNetwork)?.stages(x).map(\.name) == ["half", "whole"])
    #expect(averaged(x).elements == [21, 4])
  }
}
