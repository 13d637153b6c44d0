import LinuxSystem
import Synchronization

/// The sockets with their processes, read once for all sources of one inventory: looking into every process is what costs most.
/// So both sources tell of the same moment, too.
final class OpenSockets: Sendable {
    private let known = Mutex<(owners: SocketOwners, listeners: Listeners)?>(nil)

    /// The sockets, and those of them that listen. Throws what reading throws, at every try anew.
    func read(_ context: InventoryContext) throws -> (owners: SocketOwners, listeners: Listeners) {
        try known.withLock { known in
            if let known { return known }
            let owners = try SocketOwners(context)
            let read = (owners, Listeners(owners, context.root))
            known = read
            return read
        }
    }
}
