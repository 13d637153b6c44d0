import LinuxSystem
import Model

/// What the host as a whole needs of its network: default gateways, name servers, search list; whether it is a router.
public struct NetworkSource: InventorySource {
    /// `network`
    public static let name = "network"

    /// A source.
    public init() {}

    /// Reads the routes and resolv.conf.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let root = context.root
        let routes = Route.all(root).filter(\.isDefault).sorted { $0.metric < $1.metric }
        var facts = Attributes()
        func gateway(_ isIPv6: Bool) -> Route? { routes.first { $0.gateway.map { $0.isIPv6 == isIPv6 } ?? false } }
        facts.text("default_gateway", gateway(false)?.gateway?.description)
        facts.text("default_interface", (gateway(false) ?? gateway(true))?.interface)
        facts.text("default_gateway_ipv6", gateway(true)?.gateway?.description)
        let resolver = ResolverConfiguration(root)
        facts.ordered("dns_servers", resolver.servers)
        facts.ordered("dns_search", resolver.search)
        // Told where it is so: a host that does not forward is nothing to tell.
        facts.flag("forwards_ipv4", root.number("/proc/sys/net/ipv4/ip_forward") == 1 ? true : nil)
        guard !facts.values.isEmpty else { return .noData("no default route and no name server") }
        return .success([InventorySection(name: .network, items: [facts.item("")])])
    }
}

/// resolv.conf(5): where names are asked for.
struct ResolverConfiguration {
    private(set) var servers: [String] = []
    private(set) var search: [String] = []

    /// systemd-resolved writes itself into /etc/resolv.conf: then its own file has the servers it asks.
    init(_ root: SystemRoot) {
        read("/etc/resolv.conf", root)
        if servers == ["127.0.0.53"] || servers == ["127.0.0.54"] {
            let stub = self
            servers = []
            read("/run/systemd/resolve/resolv.conf", root)
            if servers.isEmpty { self = stub }
        }
    }

    private mutating func read(_ path: String, _ root: SystemRoot) {
        guard let content = try? root.content(path, limit: 1 << 20) else { return }
        for line in content.lines.prefix(1000) {
            let fields = line.fields
            guard fields.count >= 2 else { continue }
            if fields[0] == "nameserver", servers.count < 32 { servers.append(fields[1].trimmed.string) }
            if fields[0] == "search" || fields[0] == "domain" {
                search = fields.dropFirst().prefix(32).map(\.trimmed.string)
            }
        }
    }
}
