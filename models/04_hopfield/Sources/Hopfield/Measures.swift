import Engine
import Runner

/// The mean overlap of what is recalled with the pattern that the cue was made of.
let overlap = ExtraMetric("overlap") { subject in
  let own = ownOverlaps(subject.evaluation)
  return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
}

/// The share of cues from which the pattern is recalled without a single wrong unit.
let exact = ExtraMetric("exact") { subject in
  let own = ownOverlaps(subject.evaluation)
  let limit = 1 - 0.5 / Double(subject.data.inputs)
  return own.isEmpty ? nil : Double(own.count { $0 > limit }) / Double(own.count)
}

/// The share of a thousand random starts that end in nothing that was stored, nor in its inverse.
let spurious = ExtraMetric("spurious") { subject in
  guard subject.part == .test, let memory = subject.network as? any AssociativeMemory else { return nil }
  return Attractors(of: memory, starts: 1000, seed: UInt64(subject.settings.count("seed"))).spuriousShare
}

private func ownOverlaps(_ evaluation: Evaluation) -> [Double] {
  evaluation.labels.indices.map {
    Double(evaluation.outputs[$0 * evaluation.outputWidth + Int(evaluation.labels[$0])])
  }
}
