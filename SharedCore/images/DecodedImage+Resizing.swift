import Foundation
import Utils

extension DecodedImage {
  /// How pixels are weighted that become one.
  public enum Filter: Sendable {
    /// A triangle: never beyond the values that are there.
    case bilinear
    /// sinc(x) sinc(x/3) for |x| < 3 (Duchon, "Lanczos Filtering in One and Two Dimensions", 1979): sharper.
    case lanczos
    /// Cubic pieces with a = -1/2 for |x| < 2 (Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981).
    case bicubic

    /// How far it reaches to each side, in pixels of the smaller picture.
    fileprivate var support: Double {
      switch self {
      case .bilinear: 1
      case .lanczos: 3
      case .bicubic: 2
      }
    }

    fileprivate func weight(_ x: Double) -> Double {
      switch self {
      case .bilinear: max(1 - abs(x), 0)
      case .lanczos: abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0
      case .bicubic: cubic(abs(x))
      }
    }

    private func cubic(_ x: Double) -> Double {
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }

    private func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
  }

  /// The same picture with `width` x `height` pixels: a `filter` as wide as the pixels that become one, so that nothing
  /// flickers when it shrinks.
  ///
  /// The bytes equal those of Pillow's `resize` with `BILINEAR`, `BICUBIC` or `LANCZOS`: along the rows first, then along the
  /// columns, each rounded to bytes.
  public func resized(width: Int, height: Int, filter: Filter = .bilinear) -> DecodedImage {
    require(width > 0 && height > 0, "a picture cannot have \(width) x \(height) pixels")
    var pixels = pixels
    if width != self.width {
      pixels = Taps(from: self.width, to: width, filter).filtered(pixels, lines: self.height, step: channels)
    }
    if height != self.height {
      pixels = Taps(from: self.height, to: height, filter).filtered(pixels, lines: 1, step: width * channels)
    }
    return DecodedImage(width: width, height: height, channels: channels, pixels: pixels)
  }
}

/// Which numbers of a line make each number of a line of another length, and with what weights, in fixed point.
private struct Taps {
  private static let bits: Int32 = 22  // what is left of 32 beside a byte and two spare bits
  private static let half: Int32 = 1 << (bits - 1)
  private let length: Int
  private var starts: [Int] = []
  private var weights: [[Int32]] = []

  init(from source: Int, to target: Int, _ filter: DecodedImage.Filter) {
    length = source
    let scale = Double(source) / Double(target)
    let stretch = max(scale, 1)
    let support = filter.support * stretch
    for place in 0..<target {
      let center = (Double(place) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), source)
      let shares = (start..<end).map { filter.weight((Double($0) - center + 0.5) / stretch) }
      let sum = shares.reduce(0, +)
      starts.append(start)
      weights.append(
        shares.map { Int32(($0 / sum * Double(1 << Self.bits)).rounded(.toNearestOrAwayFromZero)) })
    }
  }

  /// `lines` lines of numbers that are `step` bytes each, filtered byte by byte.
  func filtered(_ pixels: [UInt8], lines: Int, step: Int) -> [UInt8] {
    let count = lines * starts.count * step
    return [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for line in 0..<lines {
          let source = pixels.baseAddress! + line * length * step
          let result = target.baseAddress! + line * starts.count * step
          switch step {
          case 3: filterColors(source, result)
          case ...4: filterNarrow(source, result, step)
          default: filterWide(source, result, step)
          }
        }
      }
      filled = count
    }
  }

  /// A line of rows of a picture: whole rows are added up.
  private func filterWide(_ source: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<UInt8>, _ step: Int)
  {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: step) { sums in
      let sums = sums.baseAddress!
      for place in starts.indices {
        sums.update(repeating: Self.half, count: step)
        for (tap, weight) in zip(starts[place]..., weights[place]) {
          let row = source + tap * step
          for i in 0..<step { sums[i] &+= weight &* Int32(row[i]) }
        }
        let row = result + place * step
        for i in 0..<step { row[i] = UInt8(clamping: sums[i] >> Self.bits) }
      }
    }
  }

  /// A line of red, green and blue: the three of a pixel are added up together.
  private func filterColors(_ source: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<UInt8>) {
    for place in starts.indices {
      weights[place].withUnsafeBufferPointer { weights in
        var pixel = source + starts[place] * 3
        var (red, green, blue) = (Self.half, Self.half, Self.half)
        for weight in weights {
          red &+= weight &* Int32(pixel[0])
          green &+= weight &* Int32(pixel[1])
          blue &+= weight &* Int32(pixel[2])
          pixel += 3
        }
        let target = result + place * 3
        target[0] = UInt8(clamping: red >> Self.bits)
        target[1] = UInt8(clamping: green >> Self.bits)
        target[2] = UInt8(clamping: blue >> Self.bits)
      }
    }
  }

  /// A line of pixels: each byte of each is added up alone.
  private func filterNarrow(
    _ source: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<UInt8>, _ step: Int
  ) {
    for place in starts.indices {
      weights[place].withUnsafeBufferPointer { weights in
        for channel in 0..<step {
          let bytes = source + starts[place] * step + channel
          var sum = Self.half
          for tap in 0..<weights.count { sum &+= weights[tap] &* Int32(bytes[tap * step]) }
          result[place * step + channel] = UInt8(clamping: sum >> Self.bits)
        }
      }
    }
  }
}
