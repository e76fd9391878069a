import Foundation
import Testing

@testable import DataUtils

@Suite("Generators")
struct GeneratorTests {
  private typealias Make = @Sendable (Int, Double, UInt64) -> Dataset
  private static let makers: [(name: String, make: Make)] = [
    ("and", { Generator.and(samples: $0, noise: $1, seed: $2) }),
    ("or", { Generator.or(samples: $0, noise: $1, seed: $2) }),
    ("xor", { Generator.xor(samples: $0, noise: $1, seed: $2) }),
    ("linear-separable", { Generator.linearSeparable(samples: $0, noise: $1, seed: $2) }),
    ("blobs", { Generator.blobs(samples: $0, noise: $1, seed: $2) }),
    ("moons", { Generator.moons(samples: $0, noise: $1, seed: $2) }),
    ("circles", { Generator.circles(samples: $0, noise: $1, seed: $2) }),
    ("spirals", { Generator.spirals(samples: $0, noise: $1, seed: $2) }),
  ]

  @Test func seedsDecide() {
    for (name, make) in Self.makers {
      let first = make(60, 0.1, 1)
      #expect(first.name == name)
      #expect(first.count == 60)
      #expect(first.fingerprint == make(60, 0.1, 1).fingerprint, "\(name)")
      #expect(first.fingerprint != make(60, 0.1, 2).fingerprint, "\(name)")
      #expect(first.fingerprint != make(60, 0.2, 1).fingerprint, "\(name)")
    }
  }

  @Test func classesAreBalanced() {
    for (name, make) in Self.makers where !["and", "or", "linear-separable"].contains(name) {
      let counts = make(600, 0.1, 3).classCounts
      #expect(Set(counts).count == 1, "\(name): \(counts)")
    }
  }

  @Test(
    arguments: [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])] as [(String, [Int32])])
  func gatesHaveEquallyManyPointsACorner(name: String, truth: [Int32]) throws {
    let gate = try DatasetRegistry.load(name, noise: 0, seed: 4).train
    #expect(gate.count == 1000)
    var counts = [Int](repeating: 0, count: 4)
    for index in 0..<gate.count {
      let corner = try Int(gate.sample(index)[0]) + 2 * Int(gate.sample(index)[1])
      counts[corner] += 1
      #expect(gate.labels[index] == truth[corner])
    }
    #expect(counts == [250, 250, 250, 250])
  }

  @Test func gateNoiseHasItsDeviation() throws {
    let gate = Generator.xor(samples: 4000, seed: 9)
    var squares = 0.0
    for index in 0..<gate.count {
      for value in try gate.sample(index) {
        let offset = Double(value) - (value > 0.5 ? 1 : 0)
        squares += offset * offset
      }
    }
    // 8,000 draws know their deviation to 0.8 %.
    #expect(abs((squares / 8000).squareRoot() - 0.1) < 0.004)
  }

  @Test func linearSeparableHasALineAndAMargin() throws {
    let clean = Generator.linearSeparable(samples: 500, noise: 0, seed: 6)
    var best = -Double.infinity
    for step in 0..<720 {
      let angle = 2 * Double.pi * Double(step) / 720
      let margin =
        try (0..<clean.count).map { index in
          let x = try clean.sample(index)
          let side = cos(angle) * Double(x[0]) + sin(angle) * Double(x[1])
          return clean.labels[index] == 1 ? side : -side
        }.min() ?? 0
      best = max(best, margin)
    }
    // A quarter of a degree beside the line costs a point 4 away 0.02.
    #expect(best > 0.08)

    let noisy = Generator.linearSeparable(samples: 500, noise: 0.15, seed: 6)
    let flips = zip(clean.labels, noisy.labels).count { $0 != $1 }
    #expect(try zip(0..<50, 0..<50).allSatisfy { try clean.sample($0) == noisy.sample($1) })
    #expect(abs(Double(flips) / 500 - 0.15) < 0.05)
  }

  @Test func blobsSitAroundTheirCentres() throws {
    let blobs = Generator.blobs(seed: 2)
    #expect(blobs.count == 900)
    for (label, centre) in [(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)].enumerated() {
      let points = try (0..<blobs.count).filter { blobs.labels[$0] == label }.map { try blobs.sample($0) }
      let meanX = points.reduce(0) { $0 + Double($1[0]) } / 300
      let meanY = points.reduce(0) { $0 + Double($1[1]) } / 300
      let spread = points.reduce(0) { $0 + pow(Double($1[0]) - meanX, 2) + pow(Double($1[1]) - meanY, 2) }
      #expect(abs(meanX - centre.0) < 0.12)
      #expect(abs(meanY - centre.1) < 0.12)
      #expect(abs((spread / 600).squareRoot() - 0.6) < 0.06)
    }
  }

  @Test func moonsAreHalfCircles() throws {
    let moons = Generator.moons(noise: 0, seed: 2)
    for index in 0..<moons.count {
      let x = try moons.sample(index).map(Double.init)
      if moons.labels[index] == 0 {
        #expect(abs(hypot(x[0], x[1]) - 1) < 1e-6)
        #expect(x[1] >= -1e-6)
      } else {
        #expect(abs(hypot(x[0] - 1, x[1] - 0.5) - 1) < 1e-6)
        #expect(x[1] <= 0.5 + 1e-6)
      }
    }
  }

  @Test func circlesHaveTheirRadii() throws {
    let circles = Generator.circles(noise: 0, seed: 2)
    for index in 0..<circles.count {
      let x = try circles.sample(index).map(Double.init)
      #expect(abs(hypot(x[0], x[1]) - (circles.labels[index] == 1 ? 1 : 0.5)) < 1e-6)
    }
    #expect(circles.classNames == ["inner", "outer"])
  }

  @Test func spiralsTurnOnceAndThreeQuarters() throws {
    let spirals = Generator.spirals(noise: 0, seed: 2)
    for index in 0..<spirals.count {
      let x = try spirals.sample(index).map(Double.init)
      let radius = hypot(x[0], x[1])
      let angle = 2 * Double.pi * 1.75 * radius + (spirals.labels[index] == 1 ? Double.pi : 0)
      #expect(radius > 0 && radius <= 1 + 1e-6)
      #expect(hypot(x[0] - radius * cos(angle), x[1] - radius * sin(angle)) < 1e-5)
    }
  }
}
