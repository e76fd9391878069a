import Engine
import Utils

extension Dataset {
  /// Images [C, H, W] in the middle of larger ones, zeros around them; traps when they are larger already.
  ///
  /// Where the frame is an odd number of pixels wide, the right and lower side have one more.
  public func padded(to size: (height: Int, width: Int)) -> Dataset {
    checkImages("padded")
    let (height, width) = (sampleShape[1], sampleShape[2])
    require(
      size.height >= height && size.width >= width,
      "\(name): images of \(height) x \(width) cannot be padded to \(size.height) x \(size.width)")
    return moved(
      onto: size, down: (size.height - height) / 2, right: (size.width - width) / 2)
  }

  /// Images [C, H, W] moved by some pixels, up or left where negative; what leaves is lost, zeros follow.
  public func shifted(down: Int, right: Int) -> Dataset {
    checkImages("shifted")
    return moved(onto: (sampleShape[1], sampleShape[2]), down: down, right: right)
  }

  private func checkImages(_ what: String) {
    require(sampleShape.count == 3, "\(name): images [C, H, W] can be \(what), not samples of \(sampleShape)")
  }

  private func moved(onto size: (height: Int, width: Int), down: Int, right: Int) -> Dataset {
    let (channels, height, width) = (sampleShape[0], sampleShape[1], sampleShape[2])
    let rows = max(0, -down)..<max(0, -down, min(height, size.height - down))
    let columns = max(0, -right)..<max(0, -right, min(width, size.width - right))
    func moved<Number: Numeric>(_ values: [Number]) -> [Number] {
      var result = [Number](repeating: 0, count: count * channels * size.height * size.width)
      for plane in 0..<count * channels {
        for row in rows {
          let source = (plane * height + row) * width
          let target = (plane * size.height + row + down) * size.width + right
          for column in columns { result[target + column] = values[source + column] }
        }
      }
      return result
    }
    let features: Features =
      switch features {
      case .floats(let values): .floats(moved(values))
      case .bytes(let values, let maximum): .bytes(moved(values), maximum: maximum)
      }
    return replacing(sampleShape: [channels, size.height, size.width], features: features)
  }
}
