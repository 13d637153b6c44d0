// muster-fuzz list | TARGET FILE…
//
// Reads inputs through the parsers that face other people's octets. As it is built with everything else it reads the
// given files, and directories of files, once each: nothing may trap, and none may take a second. Built by
// `scripts/fuzz` it looks for such inputs by itself (libFuzzer; its options stand in the place of files).
import Foundation

let arguments = CommandLine.arguments
if arguments.count == 2, arguments[1] == "list" {
    for target in FuzzTargets.all { print(target.name) }
    exit(0)
}
guard arguments.count > 2, let target = FuzzTargets.all.first(where: { $0.name == arguments[1] }) else {
    FileHandle.standardError.write(Data("muster-fuzz: list, or the name of a target and files\n".utf8))
    exit(2)
}

#if FUZZING
    exit(fuzz(target, arguments))
#else
    exit(replay(target, Array(arguments[2...])))
#endif
