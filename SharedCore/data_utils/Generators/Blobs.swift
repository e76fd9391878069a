import Utils

extension Generator {
  /// Three clouds: x = centre + noise, with the centres (-2, 0), (2, 0) and (0, 3) taking turns as classes 0, 1, 2.
  public static func blobs(samples: Int = 900, noise: Double = 0.6, seed: UInt64) -> Dataset {
    let centres = [(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)]
    return points("blobs", classes: ["0", "1", "2"], count: samples, noise: noise, seed: seed) {
      index, stream in
      let (x, y) = centres[index % 3]
      return (x + noise * stream.normal(), y + noise * stream.normal(), Int32(index % 3))
    }
  }
}
