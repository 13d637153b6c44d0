import Checks
import Model
import TOML
import Wire

/// `[discovery]` of policy.toml: where, and how hard, this host may be made to look for devices. Without networks it is not.
///
/// To be asked where and with which secrets is what somebody wants who took the collector over: it has to be listed, as programs are.
public struct DiscoveryBounds: Hashable, Sendable {
    /// Networks outside of which no packet goes for the collector's sake; empty for none at all.
    public var networks: [IPNetwork] = []
    /// Addresses that are never asked.
    public var excludedAddresses: [IPNetwork] = []
    /// Ways in which addresses may be asked.
    public var methods: Set<DiscoveryMethod> = Set(DiscoveryMethod.allCases)
    /// Packets a second at most.
    public var rate = DiscoverySettings().rate
    /// Least time from one round to the next.
    public var interval = Duration.seconds(60)

    /// Nothing may be looked through.
    public init() {}

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        networks = try table.networks("networks") ?? []
        guard networks.count <= AgentStatus.sweepLimit else {
            throw table.refusal(
                "networks", found: "\(networks.count) networks", accepted: "at most \(AgentStatus.sweepLimit)")
        }
        excludedAddresses = try table.networks("exclude_addresses") ?? []
        if let words = try table.words("methods", among: DiscoveryMethod.allCases.map(\.rawValue)) {
            methods = Set(words.compactMap(DiscoveryMethod.init(rawValue:)))
        }
        rate = try table.int("most_rate", in: 1...10_000) ?? rate
        interval = try table.duration("least_interval", in: .seconds(60) ... .seconds(31 * 86_400)) ?? interval
    }

    /// Whether every address of a network may be asked, but those that are excluded.
    func allows(_ network: IPNetwork) -> Bool { networks.contains { $0.contains(network) } }
}
