/// Lines along which a function on a grid has one value.
enum ContourLines {
  /// The lines at `level` of `values` (row-major, `width` a row), each value at the middle of its cell.
  ///
  /// The unit is a cell. Marching squares with straight pieces between the sides of each square of four values, joined to
  /// long lines; a closed one ends where it began. Squares with a value that is not finite hold no line. O(values).
  static func lines(at level: Double, in values: [Double], width: Int) -> [[Point]] {
    var links: [Int: [Int]] = [:]  // side of a square to the sides that lines lead to
    let height = values.count / width
    for row in 0..<max(0, height - 1) {
      for column in 0..<max(0, width - 1) {
        for (a, b) in pieces(at: level, in: values, width, corner: row * width + column) {
          links[a, default: []].append(b)
          links[b, default: []].append(a)
        }
      }
    }
    let sides = links.keys.sorted()
    let ends = sides.filter { links[$0]?.count == 1 }
    return (ends + sides).compactMap { start in
      var (line, side) = ([place(of: start, at: level, in: values, width)], start)
      while let next = links[side]?.popLast() {
        if let back = links[next]?.firstIndex(of: side) { links[next]?.remove(at: back) }
        line.append(place(of: next, at: level, in: values, width))
        side = next
      }
      return line.count > 1 ? line : nil
    }
  }

  /// The pieces of line in the square whose lowest left value is number `corner`; sides have numbers, 2 n runs right from
  /// value n, and 2 n + 1 up.
  private static func pieces(
    at level: Double, in values: [Double], _ width: Int, corner: Int
  ) -> [(Int, Int)] {
    let corners = [corner, corner + 1, corner + width + 1, corner + width]
    guard corners.allSatisfy({ values[$0].isFinite }) else { return [] }
    let isAbove = corners.map { values[$0] >= level }
    let sides = [2 * corner, 2 * (corner + 1) + 1, 2 * (corner + width), 2 * corner + 1]
    let crossed = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }.map { sides[$0] }
    guard crossed.count == 4 else { return crossed.isEmpty ? [] : [(crossed[0], crossed[1])] }
    // A saddle: the corners on the middle's side are joined, the other two cut off.
    let middle = corners.reduce(0) { $0 + values[$1] / 4 } >= level
    return middle == isAbove[0]
      ? [(sides[0], sides[1]), (sides[2], sides[3])] : [(sides[3], sides[0]), (sides[1], sides[2])]
  }

  /// Where the line crosses a side.
  private static func place(of side: Int, at level: Double, in values: [Double], _ width: Int) -> Point {
    let (from, isUp) = (side / 2, side % 2 == 1)
    let (low, high) = (values[from], values[isUp ? from + width : from + 1])
    let share = (level - low) / (high - low)
    let (row, column) = from.quotientAndRemainder(dividingBy: width)
    return Point(
      Double(column) + 0.5 + (isUp ? 0 : share), Double(row) + 0.5 + (isUp ? share : 0))
  }
}
