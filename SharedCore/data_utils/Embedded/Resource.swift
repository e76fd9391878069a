import CDataResources
import Utils

/// The small files that are compiled into every program: the embedded tables and the catalogue.
///
/// The compiler's `#embed` puts them there as constants. Against that, a SwiftPM bundle costs 1.2 ms at the start and
/// breaks when the program is moved, and SwiftPM's `embedInCode` takes over a minute to compile.
enum Resource {
  /// The bytes of the file called `name`; traps when there is none, which is a mistake in this module.
  static func bytes(_ name: String) -> [UInt8] {
    let resource = lab_resource_named(name)
    require(resource.count > 0, "no resource called \(name) is compiled in")
    return Array(UnsafeBufferPointer(start: resource.bytes, count: resource.count))
  }

  /// The table in the file called `name`; traps when it is damaged, which is a mistake in this module.
  static func table<Result>(_ name: String, _ read: (CSVTable) throws -> Result) -> Result {
    do {
      return try read(CSVTable(bytes(name), file: name))
    } catch {
      trap("the embedded \(name): \(error)")
    }
  }
}
