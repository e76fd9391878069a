import Testing

@testable import Engine

@Suite("Parameter arena")
struct ParameterArenaTests {
  @Test("keeps the values, and tied parameters once")
  func packing() {
    let (a, b) = (Parameter(Tensor([1, 2, 3])), Parameter(Tensor([4, 5, 6, 7], shape: [2, 2])))
    let arena = ParameterArena(packing: [("a", a), ("b", b), ("again", a)])
    #expect(arena.slots.map(\.name) == ["a", "b"])
    #expect(a.value.elements == [1, 2, 3] && b.value.elements == [4, 5, 6, 7] && b.shape == [2, 2])
    #expect(a.value.storage === b.value.storage, "one block of memory")
    a.set(Tensor([7, 8, 9]))
    #expect(a.value.storage === b.value.storage, "also after they were set")
    #expect(a.value.elements == [7, 8, 9] && b.value.elements == [4, 5, 6, 7])
  }

  @Test("a parameter without a gradient stays as it is")
  func untouched() {
    let (a, b) = (Parameter(Tensor([1, 2])), Parameter(Tensor([3])))
    let sgd = SGD([("a", a), ("b", b)], learningRate: 0.5, momentum: 0.9, weightDecay: 0.1)
    sgd.update(with: valueAndGradients { a.value.sum() }.gradients)
    #expect(b.value.elements == [3])
    #expect(a.value.elements != [1, 2])
  }

  @Test("tied weights move once, by the gradients of all their uses")
  func tied() {
    let w = Parameter(Tensor([1]))
    let sgd = SGD([("w", w), ("again", w)], learningRate: 0.5)
    sgd.update(with: valueAndGradients { (w.value + w.value).sum() }.gradients)
    #expect(w.value.elements == [0])
  }
}
