import Foundation
import TestSupport
import Testing

@testable import Weights

/// Headers of .npy files that NumPy accepts and refuses.
@Suite("NumPy")
struct NumPyTests {
  private func array(_ header: String, version: UInt8 = 1, data: [UInt8] = [UInt8](repeating: 0, count: 24))
    throws
    -> WeightsTensor
  {
    var bytes = NumPyHeader.magic + [version, 0]
    bytes += version == 1 ? little(UInt16(header.utf8.count)) : little(UInt32(header.utf8.count))
    return try NumPyFile.array("x", in: Data(bytes + header.utf8 + data))
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n",
    "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
    "  {\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2L, 3L,)}  \n",
  ])
  func accepted(header: String) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      let array = try array(header, version: version)
      #expect(array.shape == [2, 3])
      #expect(array.dtype == .f32)
    }
    // NumPy ignores what follows
    #expect(try array(header, data: [UInt8](repeating: 0, count: 30)).count == 6)
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}", "header"),
    ("{'descr': '<f4', 'fortran_order': False}", "exactly"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (5)}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + 1", "damaged"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "damaged"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "too large"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (7,)}", "28 bytes and only 24"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects"),
    ("{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}", "\"<U2\""),
    ("{'descr': '<V2', 'fortran_order': False, 'shape': (1,)}", "\"<V2\""),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "damaged"),
    ("", "damaged"), ("{", "damaged"), ("{'", "damaged"),
  ])
  func refused(header: String, words: String) throws {
    try expectDefect(mentioning: words) { try array(header) }
  }

  @Test func otherVersionsAndLongHeaders() throws {
    try expectDefect(mentioning: "version 4") { try array("{}", version: 4) }
    try expectDefect(mentioning: "header of 20000") { try array(String(repeating: " ", count: 20_000)) }
  }

  /// The headers that NumPy writes, byte for byte.
  @Test(arguments: ["c_order_f32.npy", "scalar_f64.npy", "bool.npy", "f16.npy", "empty.npy"])
  func whatWeWrite(name: String) throws {
    let file = try WeightsFile.read(Samples.url(name))
    let folder = try TemporaryFolder()
    try file.write(to: folder.url.appending(path: name))
    #expect(try Data(contentsOf: folder.url.appending(path: name)) == Data(contentsOf: Samples.url(name)))
  }
}
