import CZlib
import Foundation
import Testing
import Utils

@testable import DataUtils

/// `bytes` as a gzip file.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1000)
  let capacity = output.count
  input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
    }
  }
  return Array(output.prefix(capacity - Int(stream.avail_out)))
}

/// The data folder for tests with real files: LAB_DATA, else `shared/data` beside the repository; nil when there is none.
let realData: DataFolder? = {
  let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let beside = repository.deletingLastPathComponent().appending(path: "shared/data").path
  return [ProcessInfo.processInfo.environment["LAB_DATA"], beside].compactMap(\.self)
    .first { FileManager.default.fileExists(atPath: $0 + "/mnist/train-images-idx3-ubyte.gz") }
    .map { DataFolder($0) }
}()
