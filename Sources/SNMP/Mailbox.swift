import CNetSNMP
import Synchronization

/// What callers hand to the thread that owns the library.
enum Command: Sendable {
    case start(OperationOrder)
    case cancel(UInt64)
    case closeClient(UInt64)
    case listen(TrapOrder)
    case replaceSources(UInt64, [SNMPTrapSource])
    case endListening(UInt64)
    case stop
}

/// The only way onto the library's thread: a list of commands and a descriptor that wakes it.
final class Mailbox: Sendable {
    let wakeDescriptor: Int32
    private let commands = Mutex<[Command]>([])

    init?() {
        wakeDescriptor = cns_wake_create()
        if wakeDescriptor < 0 { return nil }
    }

    deinit { closeDescriptor(wakeDescriptor) }

    func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        cns_wake(wakeDescriptor)
    }

    func takeAll() -> [Command] {
        cns_wake_clear(wakeDescriptor)
        return commands.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
