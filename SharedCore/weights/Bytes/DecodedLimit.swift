/// How large the content of a file may become when it is unpacked.
///
/// Weights hardly compress, and views hardly repeat; a small file that unfolds into gigabytes is a bomb.
enum DecodedLimit {
  /// The bytes that a file of `fileSize` bytes may hold unpacked: eight times its size, and 256 MiB in any case.
  static func bytes(fileSize: Int) -> Int {
    max(256 << 20, fileSize.multipliedReportingOverflow(by: 8).partialValue)
  }

  /// The sum of `sizes`; throws when it goes beyond the limit for a file of `fileSize` bytes.
  @discardableResult
  static func check(_ sizes: some Sequence<Int>, fileSize: Int) throws -> Int {
    let limit = bytes(fileSize: fileSize)
    var total = 0
    for size in sizes {
      let (sum, overflow) = total.addingReportingOverflow(size)
      guard !overflow, sum <= limit else {
        throw WeightsDefect(
          "has \(fileSize) bytes and would unfold into more than \(limit >> 20) MiB",
          remedy: "do not trust it; ask its author for the weights as safetensors")
      }
      total = sum
    }
    return total
  }
}
