extension PoolingKernels {
  /// y = the largest x of each window, and where it stood; the first of equals, and a NaN before all.
  ///
  /// Output after output, its window row by row, because y is then written in order and a window's rows are neighbours in
  /// x. As many comparisons as the windows have places: outputs times kernel volume.
  public func maxPooling(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, at: inout MutableSpan<Int32>, _ shape: PoolingShape
  ) {
    shape.forEachWindow { output, plane, z, row, column in
      var (best, place) = (-Float.infinity, -1)
      for iz in z.places {
        for iy in row.places {
          for ix in column.places {
            let candidate = (iz * shape.input.height + iy) * shape.input.width + ix
            let value = x[plane + candidate * shape.lanes]
            if place < 0 || value > best || (value.isNaN && !best.isNaN) {
              (best, place) = (value, candidate)
            }
          }
        }
      }
      y[output] = best
      at[output] = Int32(place)
    }
  }

  /// dx[at] += g: one addition an output. Overlapping windows may have chosen the same place, so it gathers.
  public func maxPoolingGradient(
    _ g: Span<Float>, at: Span<Int32>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) {
    for i in 0..<dx.count { dx[i] = 0 }
    shape.forEachWindow { output, plane, _, _, _ in
      if at[output] >= 0 { dx[plane + Int(at[output]) * shape.lanes] += g[output] }
    }
  }

  /// y = the sum of each window over its count, in the order of `maxPooling`: outputs times kernel volume additions.
  public func averagePooling(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ shape: PoolingShape) {
    shape.forEachWindow { output, plane, z, row, column in
      var sum: Float = 0
      for iz in z.places {
        for iy in row.places {
          for ix in column.places {
            sum += x[plane + ((iz * shape.input.height + iy) * shape.input.width + ix) * shape.lanes]
          }
        }
      }
      y[output] = sum / Float(max(z.weight * row.weight * column.weight, 1))
    }
  }

  /// dx += g / count at every place of the window, each of which had the same part in the average; the same walk, the
  /// same cost.
  public func averagePoolingGradient(
    _ g: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) {
    for i in 0..<dx.count { dx[i] = 0 }
    shape.forEachWindow { output, plane, z, row, column in
      let share = g[output] / Float(max(z.weight * row.weight * column.weight, 1))
      for iz in z.places {
        for iy in row.places {
          for ix in column.places {
            dx[plane + ((iz * shape.input.height + iy) * shape.input.width + ix) * shape.lanes] += share
          }
        }
      }
    }
  }
}

extension PoolingShape {
  /// Calls `body` for every output with its number, where its lane of its plane of the input begins, and its windows.
  @inline(__always)
  func forEachWindow(
    _ body: (
      _ output: Int, _ plane: Int, _ depth: PoolingWindow, _ height: PoolingWindow, _ width: PoolingWindow
    ) -> Void
  ) {
    var output = 0
    for plane in 0..<planes {
      for z in depth {
        for row in height {
          for column in width {
            for lane in 0..<lanes {
              body(output, plane * input.volume * lanes + lane, z, row, column)
              output += 1
            }
          }
        }
      }
    }
  }
}
