import Engine
import Utils

/// Who makes the numbers of a sample when a batch is made: from a database, from several images, by drawing.
public protocol SampleMaker: Sendable {
  /// How many samples it can make.
  var count: Int { get }
  /// The shape of each.
  var sampleShape: Shape { get }
  /// What determines the numbers of all samples, as a text: two makers with the same one make the same.
  var fingerprint: String { get }
  /// Writes the numbers of sample `index`, row-major, as the network gets them; may be called by several threads at once.
  func write(_ index: Int, to numbers: inout MutableSpan<Float>) throws
}

/// Samples that are made when they are asked for, and kept nowhere.
public struct MadeSamples: Sendable {
  /// Who makes them.
  public let maker: any SampleMaker
  /// Which of the maker's samples these are.
  public let indices: [Int]

  /// All samples of `maker`.
  public init(_ maker: any SampleMaker) { self.init(maker, Array(0..<maker.count)) }

  init(_ maker: any SampleMaker, _ indices: [Int]) {
    self.maker = maker
    self.indices = indices
  }

  /// Those at some places.
  func subset(_ places: [Int]) -> MadeSamples { MadeSamples(maker, places.map { indices[$0] }) }

  /// These, then others of a maker of the same samples.
  func appending(_ others: MadeSamples) -> MadeSamples { MadeSamples(maker, indices + others.indices) }

  /// Writes the numbers of the sample at `place` to as many of `numbers`.
  func write(_ place: Int, to numbers: UnsafeMutableBufferPointer<Float>) throws {
    var span = numbers.mutableSpan
    try maker.write(indices[place], to: &span)
  }

  /// The numbers of the sample at `place`.
  func numbers(_ place: Int) throws -> [Float] {
    let count = maker.sampleShape.elementCount
    return try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      buffer.initialize(repeating: 0)
      try write(place, to: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    }
  }

  /// All numbers, sample after sample.
  func allNumbers() throws -> [Float] { try indices.indices.flatMap { try numbers($0) } }

  /// Adds to a fingerprint what determines the numbers.
  func update(_ digest: inout SHA256) {
    Array(maker.fingerprint.utf8).withUnsafeBytes { digest.update($0) }
    indices.withUnsafeBytes { digest.update($0) }
  }
}
