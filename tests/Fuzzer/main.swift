import Foundation
import Utils

// Fuzzer FORMAT COUNT SEED FOLDER: reads COUNT damaged files of a format. The one that is read lies in FOLDER as `case`, and
// stays there when reading it crashes, hangs for ten seconds, takes too much memory or throws what is no LabError.

let arguments = CommandLine.arguments
guard arguments.count == 5, let format = FuzzedFormat.all.first(where: { $0.name == arguments[1] }),
  let count = Int(arguments[2]), let seed = UInt64(arguments[3])
else {
  print("usage: Fuzzer \(FuzzedFormat.all.map(\.name).joined(separator: "|")) COUNT SEED FOLDER")
  exit(2)
}
let memoryLimit = 64 << 20
let file = URL(filePath: arguments[4]).appending(path: "case.\(format.ending)")
let seeds = try format.seeds()
var accepted = 0
var highest = 0

for number in 0..<count {
  var mutator = Mutator(seed: seed, format: format.name, number: number)
  let chosen = seeds[mutator.choice(of: seeds.count)]
  let other = seeds[mutator.choice(of: seeds.count)].bytes
  let bytes = try chosen.wrap(mutator.mutated(chosen.bytes, with: other))
  unlink(file.path)  // the last one may still be mapped
  try Data(bytes).write(to: file)
  ResidentMemory.resetPeak()
  let before = ResidentMemory.now()
  var decoded = 0
  alarm(10)
  do {
    decoded = try format.read(file)
    accepted += 1
  } catch is LabError {
    // refused with a sentence, as it should be
  } catch {
    print("case \(number) of \(format.name) threw \(error)")
    exit(1)
  }
  alarm(0)
  let more = ResidentMemory.peak() - before - max(bytes.count, decoded)
  highest = max(highest, more)
  guard more <= memoryLimit else {
    print("case \(number) of \(format.name), \(bytes.count) bytes, took \(more >> 20) MiB more than it holds")
    exit(1)
  }
}
print(
  "\(format.name): \(count) damaged files, \(accepted) accepted, at most \(highest >> 10) KiB beside them")
