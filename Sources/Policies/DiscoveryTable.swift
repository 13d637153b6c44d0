import Checks
import Model
import TOML

/// Which networks agents of a policy look through, and how: `[discovery]`, with the keys of agent.toml.
public struct PolicyDiscovery: Hashable, Sendable {
    /// Networks of which every address is asked; the agents that the policy selects share them.
    public var networks: [IPNetwork]
    /// Every other key, with its value.
    public var settings: [String: PolicyValue]

    /// The parts in which the agents share the networks, in order.
    public var parts: [IPNetwork] { networks.flatMap(\.parts).sorted { $0.isBefore($1) } }

    /// What one agent gets, which has some of the parts.
    func item(_ policy: String, parts: [IPNetwork]) -> PolicyItem {
        var settings = settings
        // As they were cut: an agent that loses one of them goes on with the others.
        settings["networks"] = .list(parts.map { .text($0.description) })
        return PolicyItem(name: policy, settings: settings)
    }
}

/// Looks over `[discovery]` of a policy: the keys and limits of agent.toml, but that networks do not overlap, because each is one
/// agent's.
///
/// The collector has no sweep, so these are words here; a test holds them against the agent's reader.
enum DiscoveryTable {
    private static let methods = ["snmp", "icmp", "tcp", "arp"]
    /// Addresses of one policy at most, because one agent may have to ask them all.
    static let addresses = 1 << 20
    /// Networks in one list at most.
    static let listed = 64

    /// Reads the table; nil where the file has none.
    static func read(_ root: TOMLTable) throws(TOMLError) -> PolicyDiscovery? {
        guard let table = try root.table("discovery") else { return nil }
        let swept = try networks(table, "networks")
        let crawled = try networks(table, "crawl_networks")
        guard !(swept + crawled).isEmpty else {
            throw table.refusal("networks", found: "none", accepted: "networks, crawl_networks or both")
        }
        try check(swept, table)
        _ = try networks(table, "exclude_addresses")
        _ = try table.strings("exclude_names", maxBytes: 255)
        _ = try table.strings("exclude_platforms", maxBytes: 255)
        _ = try table.words("methods", among: methods)
        if let ports = try table.ints("tcp_ports", in: 1...65_535), ports.count > DiscoveryFinding.listed {
            throw table.refusal(
                "tcp_ports", found: "\(ports.count) ports", accepted: "at most \(DiscoveryFinding.listed)")
        }
        _ = try table.int("snmp_port", in: 1...65_535)
        _ = try table.int("rate", in: 1...10_000)
        _ = try table.duration("timeout", in: .milliseconds(50) ... .seconds(60))
        _ = try table.duration("interval", in: .seconds(60) ... .seconds(31 * 86_400))
        _ = try table.int("crawl_depth", in: 0...64)
        try checkCredentials(table)
        try table.finish()
        var settings: [String: PolicyValue] = [:]
        for key in table.keys where key != "networks" {
            if let node = table.node(key) { settings[key] = PolicyValue(node.value) }
        }
        return PolicyDiscovery(networks: swept, settings: settings)
    }

    private static func networks(_ table: TOMLTable, _ key: String) throws(TOMLError) -> [IPNetwork] {
        let list = try table.networks(key) ?? []
        guard list.count <= listed else {
            throw table.refusal(key, found: "\(list.count) networks", accepted: "at most \(listed)")
        }
        return list
    }

    private static func check(_ swept: [IPNetwork], _ table: TOMLTable) throws(TOMLError) {
        let count = swept.reduce(0) { $0 + ($1.hostCount ?? addresses + 1) }
        guard count <= addresses else {
            throw table.refusal(
                "networks", found: "more than \(addresses) addresses",
                accepted: "networks of at most so many together; larger ones as crawl_networks")
        }
        let ordered = swept.sorted { $0.isBefore($1) }
        // A network that holds another stands before it, and nothing outside of it between the two.
        for (network, next) in zip(ordered, ordered.dropFirst()) where network.overlaps(next) {
            throw table.refusal("networks", found: "\(network) and \(next)", accepted: "networks that do not overlap")
        }
    }

    private static func checkCredentials(_ table: TOMLTable) throws(TOMLError) {
        guard let names = try table.strings("credentials", maxBytes: 64) else { return }
        guard (1...16).contains(names.count), names.allSatisfy({ PolicyCredential.isName($0) }) else {
            throw table.refusal(
                "credentials", found: "no list of such names", accepted: "1 to 16 names of [[credential]] in agent.toml"
            )
        }
    }
}
