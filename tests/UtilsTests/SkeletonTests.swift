import Testing
@testable import Utils
