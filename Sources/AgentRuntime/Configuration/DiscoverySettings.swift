import Checks
import Devices
import Model
import TOML

/// A way to look who is at an address.
public enum DiscoveryMethod: String, Hashable, Sendable, CaseIterable {
    /// SNMP, with every credential of the address's network at once.
    case snmp
    /// An ICMP echo.
    case icmp
    /// TCP ports.
    case tcp
    /// ARP and neighbour discovery, on the links of this host.
    case arp
}

/// `[discovery]`: the networks in which the agent looks for what nobody told it of.
public struct DiscoverySettings: Hashable, Sendable {
    /// Networks of which every address is asked; empty for no sweep.
    public var networks: [IPNetwork] = []
    /// Networks in which only those addresses are asked that a device told of.
    public var crawlNetworks: [IPNetwork] = []
    /// From one round to the next.
    public var interval = Duration.seconds(86_400)
    /// How addresses are asked.
    public var methods: Set<DiscoveryMethod> = Set(DiscoveryMethod.allCases)
    /// TCP ports that are tried.
    public var ports: [UInt16] = [22, 80, 443]
    /// The port of SNMP.
    public var snmpPort: UInt16 = 161
    /// Packets a second.
    public var rate = 100
    /// How long an answer is waited for.
    public var timeout = Duration.seconds(1)
    /// Addresses that are never asked.
    public var excludedAddresses: [IPNetwork] = []
    /// Names of devices that are neither told of nor asked for their neighbours.
    public var excludedNames: [String] = []
    /// The same by what a device or its neighbour says it is.
    public var excludedPlatforms: [String] = []
    /// Names of the credentials that are tried; nil for all of the address's network.
    public var credentials: [String]?
    /// How many neighbours away from a network that is swept, or from a device of this file, is asked.
    public var crawlDepth = 3

    /// Whether there is anything to look for.
    public var isEnabled: Bool { !networks.isEmpty || !crawlNetworks.isEmpty }

    /// The first name of a credential that is not among those; nil where each is.
    func missing(from known: [NamedCredential]) -> String? {
        credentials?.first { name in !known.contains { $0.name == name } }
    }

    /// Those of the credentials that are tried, in their order; the usual one where the host has none.
    func chosen(from known: [NamedCredential]) -> [NamedCredential] {
        guard let credentials else { return known.isEmpty ? [.usual] : known }
        return known.filter { credentials.contains($0.name) }
    }

    /// All defaults: nothing is looked for.
    public init() {}

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        networks = try table.networks("networks") ?? []
        crawlNetworks = try table.networks("crawl_networks") ?? []
        interval = try table.duration("interval", in: .seconds(60) ... .seconds(31 * 86_400)) ?? interval
        if let words = try table.words("methods", among: DiscoveryMethod.allCases.map(\.rawValue)) {
            methods = Set(words.compactMap(DiscoveryMethod.init(rawValue:)))
        }
        if let numbers = try table.ints("tcp_ports", in: 1...65_535) {
            guard numbers.count <= DiscoveryFinding.listed else {
                throw table.refusal(
                    "tcp_ports", found: "\(numbers.count) ports", accepted: "at most \(DiscoveryFinding.listed)")
            }
            ports = numbers.compactMap { UInt16(exactly: $0) }
        }
        snmpPort = try table.int("snmp_port", in: 1...65_535).flatMap { UInt16(exactly: $0) } ?? snmpPort
        rate = try table.int("rate", in: 1...10_000) ?? rate
        timeout = try table.duration("timeout", in: .milliseconds(50) ... .seconds(60)) ?? timeout
        excludedAddresses = try table.networks("exclude_addresses") ?? []
        excludedNames = try table.strings("exclude_names", maxBytes: 255) ?? []
        excludedPlatforms = try table.strings("exclude_platforms", maxBytes: 255) ?? []
        credentials = try table.strings("credentials", maxBytes: 64)
        if credentials?.isEmpty == true {
            throw table.refusal("credentials", found: "empty", accepted: "names of [[credential]], or no such key")
        }
        crawlDepth = try table.int("crawl_depth", in: 0...64) ?? crawlDepth
        let count = networks.reduce(0) { $0 + ($1.hostCount ?? DiscoverRequest.addresses + 1) }
        guard count <= DiscoverRequest.addresses else {
            throw table.refusal(
                "networks", found: "more than \(DiscoverRequest.addresses) addresses",
                accepted: "networks of at most so many together; larger ones as crawl_networks")
        }
    }
}
