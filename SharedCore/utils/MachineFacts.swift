import Foundation

/// The machine and the software a run was made with, as far as they may change its speed or its last digits.
public struct MachineFacts: Equatable, Sendable {
  /// The machine's name.
  public var host: String
  /// The processor's name as its maker writes it.
  public var cpu: String
  /// How many processors this process may use.
  public var cores: Int
  /// Bytes of main memory; 0 if the system does not say.
  public var memory: Int
  /// The operating system's name: "Debian GNU/Linux 12 (bookworm)".
  public var system: String
  /// The compiler that built this program: "6.3".
  public var swift: String

  /// Facts as given.
  public init(host: String, cpu: String, cores: Int, memory: Int, system: String, swift: String) {
    self.host = host
    self.cpu = cpu
    self.cores = cores
    self.memory = memory
    self.system = system
    self.swift = swift
  }

  /// The facts of this machine, from /proc and /etc/os-release.
  public static func read() -> MachineFacts {
    MachineFacts(
      host: hostName(),
      cpu: field("model name", of: firstText(of: "/proc/cpuinfo"), separator: ":") ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memory: kibibytes(field("MemTotal", of: firstText(of: "/proc/meminfo"), separator: ":")) ?? 0,
      system: field("PRETTY_NAME", of: firstText(of: "/etc/os-release"), separator: "=") ?? "Linux",
      swift: compilerVersion)
  }

  /// The most memory this process has held at once, in bytes.
  ///
  /// VmHWM of /proc/self/status; `getrusage` where that is missing, though it also counts what stood in this
  /// process's place before it was started.
  public static func peakMemory() -> Int {
    if let peak = status("VmHWM") { return peak }
    var usage = rusage()
    getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// The memory this process holds now, in bytes; 0 where the system does not say.
  public static func residentMemory() -> Int { status("VmRSS") ?? 0 }

  private static func status(_ name: String) -> Int? {
    kibibytes(field(name, of: firstText(of: "/proc/self/status"), separator: ":"))
  }

  /// The processor time this process has used so far, in seconds: in its own code and in the system's.
  public static func processorSeconds() -> (user: Double, system: Double) {
    var usage = rusage()
    getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    return (seconds(usage.ru_utime), seconds(usage.ru_stime))
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The first 4 KiB of a file: /proc/cpuinfo of a large machine takes milliseconds to read whole.
  private static func firstText(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  /// The value of the first line `name <separator> value`, without white space and quotes around it.
  static func field(_ name: String, of text: String, separator: Character) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let mark = line.firstIndex(of: separator) else { continue }
      guard line[..<mark].trimmingCharacters(in: .whitespaces) == name else { continue }
      let value = line[line.index(after: mark)...]
      return value.trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
    }
    return nil
  }

  /// The bytes that a value such as "1932 kB" stands for.
  private static func kibibytes(_ value: String?) -> Int? {
    value?.split(separator: " ").first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  private static var compilerVersion: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
