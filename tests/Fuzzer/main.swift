import Foundation
import Utils

// Fuzzer FORMAT COUNT SEED FOLDER: reads COUNT damaged files of a format, or, as `greedy`, files that are made to take memory.
// The one that is read lies in FOLDER as `case`, and stays there when reading it crashes, hangs for ten seconds, takes too
// much memory or throws what is no LabError.

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
  print("usage: Fuzzer greedy|\(FuzzedFormat.all.map(\.name).joined(separator: "|")) COUNT SEED FOLDER")
  exit(2)
}
var examination = Examination(folder: URL(filePath: arguments[4]))
if arguments[1] == "greedy" {
  let files = Greedy.files
  for file in files {
    try examination.examine(file.bytes(), of: FuzzedFormat.named(file.format), called: file.name)
  }
  print("greedy: \(files.count) files, at most \(examination.highest >> 10) KiB beside them")
} else {
  let format = FuzzedFormat.named(arguments[1])
  let seeds = try format.seeds()
  for number in 0..<count {
    var mutator = Mutator(seed: seed, format: format.name, number: number)
    let chosen = seeds[mutator.choice(of: seeds.count)]
    let other = seeds[mutator.choice(of: seeds.count)].bytes
    let bytes = try chosen.wrap(mutator.mutated(chosen.bytes, with: other))
    try examination.examine(bytes, of: format, called: "\(number)")
  }
  print(
    "\(format.name): \(count) damaged files, \(examination.accepted) accepted, at most \(examination.highest >> 10) KiB beside them"
  )
}
