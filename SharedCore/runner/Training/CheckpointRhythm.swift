import Utils

/// When the state of a training is written to disk while it goes on.
enum CheckpointRhythm: Equatable, Sendable {
  /// After so many steps.
  case steps(Int)
  /// After so many whole epochs.
  case epochs(Int)
  /// When the last one is some seconds old, and writing takes a fiftieth of the time at the most.
  case patient

  /// What `--checkpoint-every` says: `5steps` or `2epochs`.
  init(_ text: String) throws {
    let digits = text.prefix { $0.isNumber }
    let unit = text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces)
    guard let count = Int(digits), count >= 1, let rhythm = Self(count, unit) else {
      throw LabError(
        .usage, "--checkpoint-every is \(text)", remedy: "say after how many, such as 500steps or 2epochs")
    }
    self = rhythm
  }

  private init?(_ count: Int, _ unit: String) {
    switch unit {
    case "step", "steps": self = .steps(count)
    case "epoch", "epochs": self = .epochs(count)
    default: return nil
    }
  }

  /// A whole epoch is behind: is it time, when writing took `cost` seconds, `age` seconds ago?
  func isDue(afterEpoch epoch: Int, age: Double, cost: Double) -> Bool {
    switch self {
    case .steps: false
    case .epochs(let count): epoch % count == 0
    case .patient: age > max(5, 50 * cost)
    }
  }

  /// Whether a state between two that are due is worth a file that the next one replaces: a killed run then loses little.
  func isLate(age: Double, cost: Double) -> Bool {
    if case .epochs = self {
      CheckpointRhythm.patient.isDue(afterEpoch: 0, age: age, cost: cost)
    } else {
      false
    }
  }

  /// The same after a step inside an epoch; one that was due and could not be is due at the next.
  func isDue(afterStep step: Int, written: Int, age: Double, cost: Double) -> Bool {
    switch self {
    case .steps(let count): step / count > written / count
    case .epochs: false
    case .patient: age > max(5, 50 * cost)
    }
  }
}
