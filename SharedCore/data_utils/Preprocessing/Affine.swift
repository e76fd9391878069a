import Utils

/// y = (x - mean) * factor, a mean and a factor for each block of numbers, over and over.
struct Affine {
  let means: [Float]
  let factors: [Float]

  func apply(to numbers: inout MutableSpan<Float>, blockLength: Int) {
    let (means, factors) = (means.span, factors.span)
    let sampleLength = means.count * blockLength
    guard sampleLength > 0 else { return }
    require(
      numbers.count % sampleLength == 0, "\(numbers.count) numbers are no samples of \(sampleLength)")
    var start = 0
    while start < numbers.count {
      for block in 0..<means.count {
        let (mean, factor) = (means[block], factors[block])
        for position in start..<start + blockLength {
          numbers[position] = (numbers[position] - mean) * factor
        }
        start += blockLength
      }
    }
  }
}
