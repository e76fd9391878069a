import Testing
import Utils

/// The sentence of the `LabError` that `body` must throw, which mentions all of `words` and has a remedy.
@discardableResult
public func expectLabError<Value>(
  mentioning words: String..., exitCode: Int32? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Value
) -> String {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ""
  } catch let error as LabError {
    for word in words {
      #expect(error.description.contains(word), "\(word) in: \(error)", sourceLocation: sourceLocation)
    }
    #expect(!error.remedy.isEmpty, sourceLocation: sourceLocation)
    if let exitCode { #expect(error.exitCode == exitCode, sourceLocation: sourceLocation) }
    return error.description
  } catch {
    Issue.record("not a LabError: \(error)", sourceLocation: sourceLocation)
    return ""
  }
}
