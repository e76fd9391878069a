import Foundation
import TestSupport
import Testing
import Utils

@testable import Runner

/// Which combinations a sweep trains: all of a grid in a shuffled order, or draws, the same for the same seed.
@Suite struct SweepSearchTests {
  private func search(_ text: String, count: Int? = nil, seed: UInt64 = 42) throws -> SweepSearch {
    let keys = ["a", "b", "c"]
    return try SweepSearch(
      SweepFile(Array(text.utf8), name: "sweep.yaml", keys: keys), count: count, seed: seed)
  }

  private static let grid =
    "method: grid\nparameters: {a: {values: [1, 2, 3]}, b: {min: 1, max: 4}, c: {distribution: q_uniform, min: 0, max: 1, q: 0.5}}"

  @Test func aGridIsEveryCombinationOnceInAShuffledOrder() throws {
    let all = try search(Self.grid).combinations
    #expect(all.count == 24 && Set(all).count == 24)
    #expect(Set(all.compactMap { $0["c"] }) == ["0", "0.5"])
    #expect(try search(Self.grid).combinations == all)
    let other = try search(Self.grid, seed: 43).combinations
    #expect(other != all && Set(other) == Set(all))
    #expect(try search(Self.grid, count: 5).combinations == Array(all.prefix(5)))
    #expect(try search(Self.grid + "\nrun_cap: 3", count: 5).combinations.count == 3)
    let keys = all.map { ($0["a"] ?? "") + ($0["b"] ?? "") + ($0["c"] ?? "") }
    #expect(keys != keys.sorted(), "the order is shuffled")
  }

  @Test func drawsAreTheSameForTheSameSeedAndNoneComesTwice() throws {
    let text = "method: random\nrun_cap: 40\nparameters: {a: {min: 0.0, max: 1.0}, b: {values: [x, y]}}"
    let draws = try search(text)
    #expect(try draws.combinations.count == 40 && draws.combinations == search(text).combinations)
    #expect(try draws.combinations != search(text, seed: 1).combinations)
    #expect(draws.combinations.allSatisfy { (0...1).contains(Double($0["a"] ?? "") ?? -1) })
    let few = try search(
      "method: random\nrun_cap: 40\nparameters: {a: {values: [1, 2]}, b: {values: [x, y]}}")
    #expect(Set(few.combinations).count == 4 && few.combinations.count == 4)
  }

  @Test func drawsLieAsTheirDistributionSays() throws {
    func values(_ text: String) throws -> [Double] {
      try search("method: random\nrun_cap: 900\nparameters: {a: {\(text)}}").combinations.compactMap {
        Double($0["a"] ?? "")
      }
    }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    let decades = try values("distribution: log_uniform_values, min: 1e-4, max: 1").map { log10($0) }
    #expect(abs(mean(decades) + 2) < 0.15 && decades.allSatisfy { (-4...0).contains($0) })
    #expect(abs(mean(try values("distribution: normal, mu: 5, sigma: 2")) - 5) < 0.3)
    #expect(abs(mean(try values("distribution: beta, a: 2, b: 2")) - 0.5) < 0.05)
    #expect(
      try values("distribution: q_uniform, min: 0, max: 100, q: 5").allSatisfy {
        $0.truncatingRemainder(dividingBy: 5) == 0
      })
    let often = try search(
      "method: random\nrun_cap: 3\nparameters: {a: {values: [1, 2, 3], probabilities: [1, 0, 0]}}")
    #expect(often.combinations == [["a": "1"]], "what has the probability 0 never comes")
  }

  @Test func whatHasNoEndIsRefused() throws {
    expectLabError(mentioning: "no number of runs", "--count 20", exitCode: 2) {
      try search("method: random\nparameters: {a: {values: [1, 2]}}")
    }
    expectLabError(mentioning: "sweep.yaml, parameters.a", "a grid needs", exitCode: 2) {
      try search("method: grid\nparameters: {a: {min: 0.0, max: 1.0}}")
    }
    expectLabError(mentioning: "a grid needs", exitCode: 2) {
      try search("method: grid\nparameters: {a: {distribution: q_uniform, min: 1, max: 1}}")
    }
    let many = "values: [\((0..<200).map(String.init).joined(separator: ", "))]"
    expectLabError(mentioning: "a grid of more than 1000000 runs", exitCode: 2) {
      try search("method: grid\nparameters: {a: {\(many)}, b: {\(many)}, c: {\(many)}}")
    }
  }

  @Test func itIsKeptAsJSON() throws {
    let text =
      "metric: {name: m, goal: maximize, target: 1}\nearly_terminate: {type: hyperband, min_iter: 1}\n"
    let search = try search(text + Self.grid)
    #expect(try SweepSearch(json: JSONValue(parsing: search.json.text())) == search)
    #expect(search.brief.combinations == Array(search.combinations.prefix(4)))
    #expect(search.axes.map(\.key) == ["a", "b", "c"] && search.axes[1].values == ["1", "2", "3", "4"])
  }
}
