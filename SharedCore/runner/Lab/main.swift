import Foundation

exit(LabProgram.run(Array(CommandLine.arguments.dropFirst())))
