import COneDNN
import CTeam
import Utils

/// The library below the fast kernels.
public enum KernelLibrary {
  /// Its name and version as a record keeps them: "2.6.3".
  public static var oneDNNVersion: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    onednn_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// How many threads an operation may use.
  public static var threads: Int { Int(onednn_threads()) }

  /// Limits every later operation to `count` threads: the library's for the calling thread, ours for the process.
  public static func limitThreads(to count: Int) {
    require(count >= 1, "at least one thread is needed, got \(count)")
    onednn_set_threads(Int32(count))
    team_set_threads(Int32(count))
  }
}
