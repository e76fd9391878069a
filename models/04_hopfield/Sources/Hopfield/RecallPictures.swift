import DataUtils
import Engine
import Plotting
import Runner
import Utils

extension Experiment.Plot {
  /// Of some patterns: what was stored, the cue, and what was recalled, one below the other.
  static let recall = Experiment.Plot("recall") { context in
    guard let exhibit = try Exhibit(context) else { return [] }
    let shown = exhibit.cues.prefix(8)
    func row(_ what: String, _ states: [[Float]]) -> [WeightImages.Image] {
      zip(shown, states).map {
        WeightImages.Image("\(what) \(context.classNames[$0.label])", values: $1, width: exhibit.imageWidth)
      }
    }
    let recalled = exhibit.recalled(Array(shown.map(\.state)))
    let figure = WeightImages(
      title: "\(context.experiment.name): stored, asked, recalled",
      images: row("", shown.map { exhibit.patterns[$0.label] }) + row("cue", shown.map(\.state))
        + row("recalled", recalled), columns: shown.count)
    return [NamedFigure("recall", figure)]
  }

  /// One cue on its way to rest, at eight moments.
  static let stateSequence = Experiment.Plot("state_sequence") { context in
    guard let exhibit = try Exhibit(context), let cue = exhibit.cues.first else { return [] }
    let states = exhibit.journey(cue.state, .asynchronous).map(\.state)
    let unit = context.network is Hopfield ? "units asked" : "steps"
    // It may settle early: what follows the last change would be one picture again and again.
    let last = states.indices.last { $0 > 0 && states[$0] != states[$0 - 1] } ?? 0
    let moments = last < 8 ? Array(0...last) : (0..<8).map { $0 * last / 7 }
    let figure = WeightImages(
      title: "\(context.experiment.name): a cue of \(context.classNames[cue.label]) comes to rest",
      images: moments.map {
        WeightImages.Image("\($0) \(unit)", values: states[$0], width: exhibit.imageWidth)
      }, columns: 4)
    return [NamedFigure("state_sequence", figure)]
  }

  /// The energy of three cues on their way to rest: unit by unit, and all units at once.
  static let energyTrace = Experiment.Plot("energy_trace") { context in
    guard let exhibit = try Exhibit(context) else { return [] }
    let isModern = context.network is ModernHopfield
    let width = Double(exhibit.patterns.first?.count ?? 1)
    let updates = isModern ? [Hopfield.Update.asynchronous] : Hopfield.Update.allCases
    let series = updates.flatMap { update in
      exhibit.cues.prefix(3).map { cue in
        let energies = exhibit.journey(cue.state, update).map(\.energy)
        let step = update == .synchronous && !isModern ? width : 1
        let way = isModern ? "" : ", \(update.rawValue)"
        return Series(
          "\(context.classNames[cue.label])\(way)", xs: energies.indices.map { Double($0) * step },
          ys: energies)
      }
    }
    let figure = LineChart(
      title: "\(context.experiment.name): energy on the way to rest",
      xLabel: isModern ? "steps" : "units asked",
      yLabel: "energy", series: series)
    return [NamedFigure("energy_trace", figure)]
  }
}

/// A trained memory with the cues that its pictures show: one of each pattern, then the others.
struct Exhibit {
  let memory: any AssociativeMemory
  let patterns: [[Float]]
  let cues: [(label: Int, state: [Float])]

  /// Nil for another network.
  init?(_ context: PictureContext) throws {
    guard let memory = context.network as? any AssociativeMemory else { return nil }
    self.memory = memory
    let stored = memory.patterns.tensor
    let (count, width) = (stored.shape[0], stored.shape[1])
    let rows = stored.elements
    patterns = (0..<count).map { Array(rows[$0 * width..<($0 + 1) * width]) }
    let samples = try context.data.splits.part(.test)
    var seen = Set<Int32>()
    let firsts = samples.labels.indices.filter { seen.insert(samples.labels[$0]).inserted }
    cues = try firsts.map { (Int(samples.labels[$0]), try samples.sample($0)) }
    shape = context.data.splits.train.sampleShape
  }

  private let shape: Shape

  /// How wide a pattern is drawn: as the image that it is, else as near a square as its length allows.
  var imageWidth: Int {
    if shape.count == 3 { return shape[2] }
    let width = shape.elementCount
    return width
      / (stride(from: Int(Double(width).squareRoot()), to: 0, by: -1).first { width % $0 == 0 } ?? 1)
  }

  /// Where the states come to rest.
  func recalled(_ states: [[Float]]) -> [[Float]] {
    let width = patterns.first?.count ?? 1
    let ends = memory.recall(Tensor(states.flatMap { $0 }, shape: [states.count, width])).elements
    return states.indices.map { Array(ends[$0 * width..<($0 + 1) * width]) }
  }

  /// The states and energies from a cue to rest.
  func journey(_ cue: [Float], _ update: Hopfield.Update) -> [(state: [Float], energy: Double)] {
    var way: [(state: [Float], energy: Double)] = []
    switch memory {
    case let network as Hopfield: network.settle(cue, update) { way.append(($0, $1)) }
    case let network as ModernHopfield:
      var state = Tensor(cue, shape: [1, cue.count])
      for _ in 0...4 {
        way.append((state.elements, network.energy(state.elements)))
        state = network.step(state)
      }
    default: break
    }
    return way
  }
}
