import Utils

/// Damages files at random, the same way for the same seed and number.
struct Mutator {
  private var random: RandomStream
  /// The largest file that it makes.
  private static let largest = 1 << 20

  init(seed: UInt64, format: String, number: Int) {
    random = RandomStream(seed: seed, purpose: format, number: number)
  }

  /// One of 0..<`count`.
  mutating func choice(of count: Int) -> Int { random.index(below: count) }

  /// `bytes` with one to eight changes, mostly few; `other` is where foreign pieces come from.
  mutating func mutated(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 << random.index(below: 4) { change(&bytes, other) }
    return Array(bytes.prefix(Self.largest))
  }

  private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
    let place = random.index(below: bytes.count + 1)
    let length = min(1 << random.index(below: 10), bytes.count - place)
    switch random.index(below: 10) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.index(below: 8))
    case 1 where place < bytes.count: bytes[place] = UInt8(random.index(below: 256))
    case 2, 3: overwrite(&bytes, at: place)
    case 4: bytes.removeSubrange(place..<place + length)
    case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    case 6: bytes.removeSubrange(place...)
    case 7 where !other.isEmpty:
      let start = random.index(below: other.count)
      bytes.insert(contentsOf: other[start...].prefix(length), at: place)
    case 8: replaceDigit(&bytes, from: place)
    default: repeatByte(&bytes, at: place)
    }
  }

  /// Writes a number at a limit over 1, 2, 4 or 8 bytes.
  private mutating func overwrite(_ bytes: inout [UInt8], at place: Int) {
    let numbers: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 62,
      .max >> 1, 1 << 63, .max,
    ]
    let value = numbers[random.index(below: numbers.count)]
    let size = 1 << random.index(below: 4)
    let isBig = random.index(below: 2) == 0
    for i in 0..<size where place + i < bytes.count {
      bytes[place + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? size - 1 - i : i)))
    }
  }

  /// Replaces the next digit of a text by other numbers.
  private mutating func replaceDigit(_ bytes: inout [UInt8], from place: Int) {
    guard let digit = bytes[place...].firstIndex(where: { 0x30...0x39 ~= $0 }) else { return }
    let numbers = [
      "0", "-1", "7", "65536", "4294967296", "9223372036854775807", "99999999999999999999", "1e308", "",
    ]
    bytes.replaceSubrange(digit...digit, with: numbers[random.index(below: numbers.count)].utf8)
  }

  /// Repeats a byte, rarely very often: what nests deeply when read.
  private mutating func repeatByte(_ bytes: inout [UInt8], at place: Int) {
    guard place < bytes.count else { return }
    let count = random.index(below: 8) == 0 ? 60_000 : 1 + random.index(below: 100)
    bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: count), at: place)
  }
}
