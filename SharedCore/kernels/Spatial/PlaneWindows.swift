import Utils

/// Which places of an image each output looks at, and with which weight: the same list for every image of a batch.
struct PlaneWindows: Sendable {
  /// What one output looks at.
  struct Window {
    let places: UnsafePointer<Int32>?
    let weights: UnsafePointer<Float>?
    let count: Int64
    /// By what the sum of all is divided.
    let divisor: Float
    /// 1 where eight numbers may be touched from any of the last lanes on, of the image and of the result.
    let overruns: Int32
  }

  /// How many numbers a place holds.
  let lanes: Int64
  /// How many numbers all images have before and after.
  let inputCount, outputCount: Int
  private let planes, places, outputs: Int
  private var list: [Int32] = [], weights: [Float] = [], divisors: [Float] = []
  private var ends: [Int] = [0]
  private var lastPlaces: [Int] = [0]

  /// No windows yet, over `planes` images of `input` places each.
  init(planes: Int, lanes: Int, input: Extent, outputs: Int) {
    self.planes = planes
    self.lanes = Int64(lanes)
    self.outputs = outputs
    places = input.volume
    inputCount = planes * places * lanes
    outputCount = planes * outputs * lanes
    ends.reserveCapacity(outputs + 1)
  }

  /// Puts a place into the window under way.
  mutating func add(place: Int, weight: Float = 1) {
    require(0..<places ~= place, "a window looks at place \(place) of \(places)")
    list.append(Int32(place))
    lastPlaces[lastPlaces.count - 1] = max(lastPlaces[lastPlaces.count - 1], place)
    weights.append(weight)
  }

  /// The window under way is complete.
  mutating func endWindow(divisor: Float = 1) {
    ends.append(list.count)
    lastPlaces.append(0)
    divisors.append(divisor)
  }

  /// Calls `body` for every output of every image with where its numbers begin, where its image begins, and its window;
  /// images are shared out between threads.
  func forEach(_ body: @Sendable (_ output: Int, _ plane: Int, Window) -> Void) {
    let lanes = Int(lanes)
    list.withUnsafeBufferPointer { list in
      weights.withUnsafeBufferPointer { weights in
        let (list, weights) = (Unchecked(list.baseAddress), Unchecked(weights.baseAddress))
        inParallel(planes, work: self.list.count * planes * lanes) { plane in
          for output in 0..<outputs {
            let (start, end) = (ends[output], ends[output + 1])
            let behind = min(outputs - 1 - output, places - 1 - lastPlaces[output]) * lanes
            body(
              (plane * outputs + output) * lanes, plane * places * lanes,
              Window(
                places: list.value.map { $0 + start }, weights: weights.value.map { $0 + start },
                count: Int64(end - start), divisor: divisors[output], overruns: behind >= 7 ? 1 : 0))
          }
        }
      }
    }
  }
}
