/// Numbers parameters in the order in which they came.
///
/// A small network has a handful, found faster by looking at each than by hashing; from 17 on a dictionary helps.
struct ParameterIndex {
  /// The parameters by number.
  private(set) var parameters: [ObjectIdentifier] = []
  private var numbers: [ObjectIdentifier: Int] = [:]

  /// The number of `parameter`; nil when it has none.
  func number(of parameter: ObjectIdentifier) -> Int? {
    guard numbers.isEmpty else { return numbers[parameter] }
    for number in parameters.indices where parameters[number] == parameter { return number }
    return nil
  }

  /// Gives `parameter`, which has none, the next number.
  mutating func add(_ parameter: ObjectIdentifier) {
    parameters.append(parameter)
    if parameters.count == 17 {
      for (number, parameter) in parameters.enumerated() { numbers[parameter] = number }
    } else if parameters.count > 17 {
      numbers[parameter] = parameters.count - 1
    }
  }
}
