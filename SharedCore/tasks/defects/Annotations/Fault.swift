/// Why a part of an annotation cannot be used, without a full stop: "the base64 text is damaged".
struct Fault: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
