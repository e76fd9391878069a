import Testing
@testable import DataUtils
