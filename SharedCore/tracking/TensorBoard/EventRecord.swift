import Utils

/// One record of a TensorBoard event file: TensorFlow's TFRecord framing around an `Event` message.
///
/// `u64 length | u32 check(length) | data | u32 check(data)`, little-endian, checks of Castagnoli's polynomial, masked.
struct EventRecord {
  /// The record as it stands in the file.
  let bytes: [UInt8]

  /// A record of an event at `time`, in seconds since 1970, and `step`.
  init(time: Double, step: Int, _ build: (inout ProtobufMessage) -> Void) {
    let event = ProtobufMessage {
      $0.add(1, time)
      $0.add(2, step)
      build(&$0)
    }
    let length = Self.little(UInt64(event.bytes.count))
    bytes = length + Self.little(Self.masked(length)) + event.bytes + Self.little(Self.masked(event.bytes))
  }

  /// The first record of every file.
  static func version(time: Double) -> EventRecord {
    EventRecord(time: time, step: 0) { $0.add(3, "brain.Event:2") }
  }

  /// A record of `values`, each the body of a `Summary.Value`.
  static func summary(time: Double, step: Int, _ values: [ProtobufMessage]) -> EventRecord {
    EventRecord(time: time, step: step) { event in
      event.add(5) { summary in values.forEach { summary.add(1, $0) } }
    }
  }

  private static func masked(_ bytes: [UInt8]) -> UInt32 {
    let check = CRC32.castagnoli.check(bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
