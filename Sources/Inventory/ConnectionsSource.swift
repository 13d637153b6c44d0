import LinuxSystem
import Model

/// Peers that programs of this host are connected to now; connections that came to our own listeners are left out.
public struct ConnectionsSource: InventorySource {
    /// `connections`
    public static let name = "connections"

    /// A source.
    public init() {}

    /// Reads /proc/net/tcp and the descriptors of all processes.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let (owners, listeners) = try context.openSockets.read(context)
        var items: [SectionItem] = []
        for (socket, process) in owners.sockets where socket.isEstablished && !listeners.accepted(socket.local) {
            items.append(item(socket, process, listeners))
        }
        return owners.outcome(.connections, items)
    }

    private func item(_ socket: NetworkSocket, _ process: SocketProcess?, _ listeners: Listeners) -> SectionItem {
        let program = process.map { listeners.keys[$0.pid] ?? key(of: $0) } ?? "exe:?"
        var facts = Attributes()
        facts.text("process", process.flatMap { $0.script ?? $0.name })
        facts.text("service", program)
        facts.text("transport", socket.transport.rawValue)
        facts.text("remote_address", socket.remote.address.description)
        facts.number("remote_port", socket.remote.port)
        return facts.item(
            "\(program)>\(socket.transport.rawValue)|\(socket.remote.address)|\(socket.remote.port)")
    }

    private func key(of process: SocketProcess) -> String {
        process.unit.map { "unit:" + $0 } ?? "exe:" + (process.executable ?? "?")
    }
}
