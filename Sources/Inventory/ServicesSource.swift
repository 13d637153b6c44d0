import LinuxSystem
import Model

/// Programs that listen for peers, each with its sockets.
///
/// A program of a systemd service is one item with all of its sockets. Any other is one item for each port, because
/// two instances of one program can only be told apart by where they listen.
public struct ServicesSource: InventorySource {
    /// `services`
    public static let name = "services"

    /// A source.
    public init() {}

    /// Reads /proc/net and the descriptors of all processes.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let (owners, listeners) = try context.openSockets.read(context)
        return owners.outcome(.services, listeners.items)
    }
}

/// The listening sockets of a host, put together by service.
struct Listeners {
    private var groups: [String: Group] = [:]
    /// The key of the service a process is; the first one where it is several.
    private(set) var keys: [Int: String] = [:]
    private var endpoints: Set<Endpoint> = []

    private struct Group {
        var key: String
        var process: SocketProcess?
        var sockets: [NetworkSocket]
    }

    private struct Endpoint: Hashable {
        var address: IPAddress
        var port: Int
    }

    init(_ owners: SocketOwners, _ root: SystemRoot) {
        let temporary = temporaryPorts(root)
        var processes: [String: Set<Int>] = [:]
        for (socket, process) in owners.sockets where socket.isListening {
            if socket.transport == .tcp {
                endpoints.insert(Endpoint(address: socket.local.address, port: socket.local.port))
            }
            // A UDP client waiting for its answer looks like a server: its port is one that the kernel chose.
            if socket.transport == .udp, temporary.contains(socket.local.port) { continue }
            let group = process?.unit.map { "unit:" + $0 } ?? groupName(socket, process)
            groups[group, default: Group(key: group, process: process, sockets: [])].sockets.append(socket)
            if let process { processes[group, default: []].insert(process.pid) }
        }
        for (name, group) in groups {
            guard group.process?.unit == nil, let first = group.sockets.min(by: { order($0) < order($1) }) else {
                continue
            }
            groups[name]?.key = listenerKey(first, group.process)
        }
        for (name, group) in groups.sorted(by: { $0.value.key.utf8.lexicographicallyPrecedes($1.value.key.utf8) }) {
            for pid in processes[name] ?? [] where keys[pid] == nil { keys[pid] = group.key }
        }
    }

    /// One item for each service.
    var items: [SectionItem] {
        groups.values.map { group in
            var facts = Attributes()
            facts.text("name", group.process.flatMap { $0.unit ?? $0.name })
            facts.text("executable", group.process?.executable)
            facts.text("script", group.process?.script)
            facts.text("unit", group.process?.unit)
            facts.text("user", group.process?.user)
            facts.list("listen", group.sockets.map(listenText))
            return facts.item(group.key)
        }
    }

    /// Whether a connection with this local end came to one of our listeners.
    func accepted(_ local: NetworkSocket.Endpoint) -> Bool {
        if endpoints.contains(Endpoint(address: local.address, port: local.port)) { return true }
        return ["0.0.0.0", "::"].compactMap { IPAddress($0) }.contains {
            endpoints.contains(Endpoint(address: $0, port: local.port))
        }
    }
}

// The two sockets of a program that listens on IPv4 and IPv6 are one service.
private func groupName(_ socket: NetworkSocket, _ process: SocketProcess?) -> String {
    let program = (process?.executable ?? "?") + "|" + (process?.script ?? "")
    return "\(program)|\(socket.transport.rawValue)|\(socket.local.port)"
}

private func listenerKey(_ socket: NetworkSocket, _ process: SocketProcess?) -> String {
    "exe:\(process?.executable ?? "?")|\(socket.transport.rawValue)|\(socket.local.address)|\(socket.local.port)"
}

private func order(_ socket: NetworkSocket) -> (Int, Int, String) {
    let address = socket.local.address
    return (address.isIPv6 ? 1 : 0, address.isUnspecified ? 0 : 1, address.description)
}

/// `tcp 127.0.0.1:80`, an IPv6 address in brackets.
private func listenText(_ socket: NetworkSocket) -> String {
    let address = socket.local.address
    let host = address.isIPv6 ? "[\(address)]" : address.description
    return "\(socket.transport.rawValue) \(host):\(socket.local.port)"
}

/// The ports that the kernel gives to sockets which ask for any (ip(7)); empty when the range cannot be read.
private func temporaryPorts(_ root: SystemRoot) -> ClosedRange<Int> {
    let bounds = root.line("/proc/sys/net/ipv4/ip_local_port_range").map { line in
        ByteText(line.utf8).fields.compactMap { $0.number.flatMap(Int.init(exactly:)) }
    }
    guard let bounds, bounds.count == 2, bounds[0] <= bounds[1] else { return 32_768...60_999 }
    return bounds[0]...bounds[1]
}
