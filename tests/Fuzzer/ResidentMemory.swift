import Foundation
import Utils

/// The memory that this process holds, as Linux counts it, in bytes.
enum ResidentMemory {
  /// What is held now.
  static func now() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) << 10
  }

  /// The most that was held since `resetPeak`.
  static func peak() -> Int { MachineFacts.peakMemory() }

  static func resetPeak() {
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
  }
}
