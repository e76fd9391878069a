import Engine
import Utils

extension Dataset {
  /// The same images in the middle of larger ones, zeros around them: digits of 8 x 8 for a network that takes 28 x 28.
  ///
  /// An odd border has its larger half below and on the right. Throws a `LabError` when the samples are no images, or are
  /// larger than that.
  ///
  /// - Parameter side: the new height and width, in pixels.
  public func padded(to side: Int) throws -> Dataset {
    guard let size = ImageSize(sampleShape), max(size.height, size.width) <= side else {
      throw LabError(
        .config, "samples of \(name) have the shape \(sampleShape) and cannot be padded to \(side) x \(side)",
        remedy: "choose images that are smaller")
    }
    let (top, left) = ((side - size.height) / 2, (side - size.width) / 2)
    func padded<Number: ExpressibleByIntegerLiteral>(_ values: [Number]) -> [Number] {
      let planes = count * size.channels
      var new = [Number](repeating: 0, count: planes * side * side)
      for plane in 0..<planes {
        for row in 0..<size.height {
          let source = plane * size.area + row * size.width
          let target = plane * side * side + (top + row) * side + left
          for column in 0..<size.width { new[target + column] = values[source + column] }
        }
      }
      return new
    }
    return replacing(
      sampleShape: [size.channels, side, side], features: try mapNumbers(floats: padded, bytes: padded))
  }

  /// The same images moved by whole pixels, `right` and `down` or, below 0, left and up; what comes in is 0.
  ///
  /// Throws a `LabError` when the samples are no images.
  public func shifted(right: Int, down: Int) throws -> Dataset {
    guard let size = ImageSize(sampleShape) else {
      throw LabError(
        .config, "samples of \(name) have the shape \(sampleShape) and are no images to be moved",
        remedy: "choose images")
    }
    func moved<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ values: [Number]) -> [Number] {
      var new = values
      let width = sampleShape.elementCount
      new.withUnsafeMutableBufferPointer { pixels in
        for index in 0..<count {
          let range = index * width..<(index + 1) * width
          var image = UnsafeMutableBufferPointer(rebasing: pixels[range]).mutableSpan
          translate(&image, size: size, down: down, right: right)
        }
      }
      return new
    }
    return replacing(features: try mapNumbers(floats: moved, bytes: moved))
  }

  /// The same set with all numbers in memory: images are decoded now, and become bytes, and samples made when asked for are
  /// made now.
  public func inMemory() throws -> Dataset {
    switch features {
    case .floats, .bytes: return self
    case .images(let files): return replacing(features: .bytes(try files.allBytes(), maximum: 255))
    case .made(let samples): return replacing(features: .floats(try samples.allNumbers()))
    }
  }

  private func mapNumbers(floats: ([Float]) -> [Float], bytes: ([UInt8]) -> [UInt8]) throws -> Features {
    switch features {
    case .floats(let values): .floats(floats(values))
    case .bytes(let values, let maximum): .bytes(bytes(values), maximum: maximum)
    case .images(let files): .bytes(bytes(try files.allBytes()), maximum: 255)
    case .made(let samples): .floats(floats(try samples.allNumbers()))
    }
  }
}
