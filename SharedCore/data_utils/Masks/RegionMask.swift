import Utils

/// Which pixels of an image belong to which class, as runs along its rows: a few kilobytes where a map of a steel strip
/// takes 400.
public struct RegionMask: Equatable, Sendable {
  /// Neighbouring pixels of one row that belong to one class.
  public struct Run: Equatable, Sendable {
    /// Row and first column, counted from 0.
    public let row, column: Int32
    /// How many pixels.
    public let length: Int32
    /// The class they belong to.
    public let label: UInt8
  }

  /// The size of the image, in pixels.
  public let height, width: Int
  /// Top to bottom and left to right; no two of them overlap.
  public let runs: [Run]

  /// An image of which no pixel belongs to a class.
  public init(height: Int, width: Int) {
    self.init(map: [], height: height, width: width)
  }

  /// The mask that `map` draws.
  ///
  /// - Parameters:
  ///   - map: [H * W] row-major, 0 where no class is, else the class plus 1; empty for no class anywhere.
  ///   - height: rows, at least 1.
  ///   - width: columns, at least 1.
  public init(map: [UInt8], height: Int, width: Int) {
    require(height > 0 && width > 0, "no mask has \(height) x \(width) pixels")
    require(
      map.isEmpty || map.count == height * width, "\(map.count) numbers are no \(height) x \(width) pixels")
    self.height = height
    self.width = width
    var runs: [Run] = []
    map.withUnsafeBufferPointer { map in
      for row in 0..<(map.isEmpty ? 0 : height) {
        var column = 0
        while column < width {
          let value = map[row * width + column]
          let start = column
          while column < width, map[row * width + column] == value { column += 1 }
          if value > 0 {
            runs.append(
              Run(row: Int32(row), column: Int32(start), length: Int32(column - start), label: value - 1))
          }
        }
      }
    }
    self.runs = runs
  }

  /// Whether no pixel belongs to a class.
  public var isEmpty: Bool { runs.isEmpty }

  /// How many pixels belong to each class that has any.
  public var pixelCounts: [Int: Int] {
    runs.reduce(into: [:]) { $0[Int($1.label), default: 0] += Int($1.length) }
  }

  /// [H * W] row-major: 0 where no class is, else the class plus 1.
  public var map: [UInt8] {
    var map = [UInt8](repeating: 0, count: height * width)
    for run in runs {
      let start = Int(run.row) * width + Int(run.column)
      for place in start..<start + Int(run.length) { map[place] = run.label + 1 }
    }
    return map
  }

  /// The same picture at another size; each pixel takes the class of the nearest one.
  public func resized(height newHeight: Int, width newWidth: Int) -> RegionMask {
    if newHeight == height && newWidth == width { return self }
    let old = map
    var new = [UInt8](repeating: 0, count: newHeight * newWidth)
    for row in 0..<newHeight {
      let sourceRow = (2 * row + 1) * height / (2 * newHeight)
      for column in 0..<newWidth {
        new[row * newWidth + column] = old[sourceRow * width + (2 * column + 1) * width / (2 * newWidth)]
      }
    }
    return RegionMask(map: new, height: newHeight, width: newWidth)
  }

  /// Without the pixels of `regions`, each of which is one of this mask's.
  public func removing(_ regions: [ConnectedRegion]) -> RegionMask {
    var map = map
    for region in regions {
      for run in region.runs {
        let start = Int(run.row) * width + Int(run.column)
        for place in start..<start + Int(run.length) { map[place] = 0 }
      }
    }
    return RegionMask(map: map, height: height, width: width)
  }
}
