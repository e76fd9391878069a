/// How far each pixel is from the nearest of some pixels.
///
/// Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012: exact, in time proportional to the pixels.
enum DistanceTransform {
  /// [H, W], the squared Euclidean distance to the nearest of `pixels` (row times width plus column), of which there is one
  /// at least.
  static func squared(to pixels: Set<Int>, width: Int, height: Int) -> [Float] {
    // No distance in the picture is as large.
    let far = Float(width * width + height * height)
    var grid = [Float](repeating: far, count: width * height)
    for pixel in pixels { grid[pixel] = 0 }
    for x in 0..<width {
      let column = lowerEnvelope((0..<height).map { grid[$0 * width + x] })
      for y in 0..<height { grid[y * width + x] = column[y] }
    }
    for y in 0..<height {
      let row = y * width..<(y + 1) * width
      grid.replaceSubrange(row, with: lowerEnvelope(Array(grid[row])))
    }
    return grid
  }

  /// min over q of (p - q)² + f(q) for each p: the lower envelope of parabolas.
  private static func lowerEnvelope(_ f: [Float]) -> [Float] {
    func crossing(_ p: Int, _ q: Int) -> Float {
      ((f[q] + Float(q * q)) - (f[p] + Float(p * p))) / Float(2 * q - 2 * p)
    }
    var vertices = [0]
    var bounds: [Float] = [-.infinity]
    for q in f.indices.dropFirst() {
      while let last = vertices.last, crossing(last, q) <= bounds[bounds.count - 1] {
        vertices.removeLast()
        bounds.removeLast()
      }
      bounds.append(vertices.last.map { crossing($0, q) } ?? -.infinity)
      vertices.append(q)
    }
    var place = 0
    return f.indices.map { p in
      while place + 1 < vertices.count, bounds[place + 1] < Float(p) { place += 1 }
      let q = vertices[place]
      return Float((p - q) * (p - q)) + f[q]
    }
  }
}
