extension PoolingKernels {
  /// Output after output, its window row by row: as many comparisons as the windows have places.
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

  /// Overlapping windows may have chosen the same place, so it gathers.
  public func maxPoolingGradient(
    _ g: Span<Float>, at: Span<Int32>, into dx: inout MutableSpan<Float>, _ shape: PoolingShape
  ) {
    for i in 0..<dx.count { dx[i] = 0 }
    shape.forEachWindow { output, plane, _, _, _ in
      if at[output] >= 0 { dx[plane + Int(at[output]) * shape.lanes] += g[output] }
    }
  }

  /// Output after output, its window row by row.
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

  /// Every place of a window had the same part in its average.
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
