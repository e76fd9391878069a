/// Regions of a grid as polygons with smooth edges.
enum RegionOutline {
  /// The closed outlines of all cells of `grid` (row-major, `width` cells a row) that hold `value`.
  ///
  /// The unit is a cell. Loops run clockwise round cells and counterclockwise round holes. O(cells).
  ///
  /// An edge between two cells is cut at its middle, which turns stairs into slopes. Corners stay where they are
  /// needed: at the rim of the grid and where more than two borders meet, so that regions leave no gap.
  static func loops(of value: Int, in grid: [Int], width: Int) -> [[Point]] {
    let height = grid.count / width
    func holds(_ column: Int, _ row: Int) -> Bool {
      column >= 0 && row >= 0 && column < width && row < height && grid[row * width + column] == value
    }
    // Edges leave corner (column, row) to the right, down, left or up with the region on their right hand.
    let corners = width + 1
    let steps = [1, corners, -1, -corners]
    var leaves = [UInt8](repeating: 0, count: corners * (height + 1))
    for row in 0..<height {
      for column in 0..<width where holds(column, row) {
        let corner = row * corners + column
        if !holds(column, row - 1) { leaves[corner] |= 1 }
        if !holds(column + 1, row) { leaves[corner + 1] |= 2 }
        if !holds(column, row + 1) { leaves[corner + corners + 1] |= 4 }
        if !holds(column - 1, row) { leaves[corner + corners] |= 8 }
      }
    }
    func keeps(_ corner: Int) -> Bool {
      let (row, column) = corner.quotientAndRemainder(dividingBy: corners)
      guard row > 0, column > 0, row < height, column < width else { return true }
      let cell = row * width + column
      let (a, b, c, d) = (grid[cell - width - 1], grid[cell - width], grid[cell - 1], grid[cell])
      return (a != b ? 1 : 0) + (b != d ? 1 : 0) + (d != c ? 1 : 0) + (c != a ? 1 : 0) > 2
    }

    var loops: [[Point]] = []
    for start in leaves.indices {
      while leaves[start] != 0 {
        var loop: [Point] = []
        var corner = start
        var direction = leaves[start].trailingZeroBitCount
        repeat {
          // Where two loops touch, turn right: each cell keeps its own loop.
          if let turn = [1, 0, 3].lazy.map({ (direction + $0) % 4 }).first(where: {
            leaves[corner] >> $0 & 1 == 1
          }),
            !loop.isEmpty
          {
            direction = turn
          }
          leaves[corner] &= ~(1 << UInt8(direction))
          let from = Point(Double(corner % corners), Double(corner / corners))
          if keeps(corner) { append(from, to: &loop) }
          corner += steps[direction]
          append(
            Point((from.x + Double(corner % corners)) / 2, (from.y + Double(corner / corners)) / 2), to: &loop
          )
        } while corner != start || leaves[corner] >> UInt8((direction + 1) % 4) & 1 == 1
        loops.append(loop)
      }
    }
    return loops
  }

  /// Adds `point`, replacing the last one if it lies on the straight way.
  private static func append(_ point: Point, to loop: inout [Point]) {
    if loop.count >= 2 {
      let (a, b) = (loop[loop.count - 2], loop[loop.count - 1])
      if (b.x - a.x) * (point.y - b.y) == (b.y - a.y) * (point.x - b.x) { loop.removeLast() }
    }
    loop.append(point)
  }
}
