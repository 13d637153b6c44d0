import AgentRuntime
import Glibc
import Inventory
import Model

// muster-worker-stand-in ROOT CONFIGURATION SOURCE...: the inventory's worker with the sources below.
let arguments = CommandLine.arguments
guard arguments.count > 3 else { exit(2) }
try WorkerProcess.run(
    Array(arguments[3...]), root: arguments[1], configuration: try AgentConfiguration.load(arguments[2]),
    sources: [
        FirstSource.self, HangingSource.self, MemorySource.self, FilesSource.self, ProcessorSource.self,
        LastSource.self,
    ])
