import Model
import TOML

extension PolicyApplication {
    /// Looks through networks for the collector's sake, inside what policy.toml lists.
    mutating func take(discovery item: PolicyItem) {
        guard !configuration.discovery.isEnabled else { return refuse(Self.part, Words.own) }
        guard !bounds.discovery.networks.isEmpty else { return refuse(Self.part, Words.discovery) }
        do throws(TOMLError) {
            let table = item.namelessTable
            var wanted = try DiscoverySettings(table)
            try table.finish()
            if let missing = wanted.missing(from: configuration.credentials) {
                return refuse(Self.part, Words.noNamedCredential(missing))
            }
            wanted.networks = inside(wanted.networks)
            wanted.crawlNetworks = inside(wanted.crawlNetworks)
            bound(&wanted)
            let credentials = wanted.chosen(from: configuration.credentials).filter { isAllowed($0.name) }
            if credentials.isEmpty { wanted.methods.remove(.snmp) }
            guard wanted.isEnabled, !wanted.methods.isEmpty else { return }
            settings.discovery = RunningDiscovery(settings: wanted, credentials: credentials)
        } catch { refuse(Self.part, "\(error.problem)") }
    }

    private static let part = "discovery"

    /// Those of the networks that the host's file allows whole; the others are told.
    private mutating func inside(_ networks: [IPNetwork]) -> [IPNetwork] {
        for network in networks where !bounds.discovery.allows(network) {
            refuse("\(Self.part) \(network)", Words.network)
        }
        return networks.filter(bounds.discovery.allows)
    }

    private mutating func bound(_ wanted: inout DiscoverySettings) {
        wanted.excludedAddresses += bounds.discovery.excludedAddresses
        for method in DiscoveryMethod.allCases
        where wanted.methods.contains(method) && !bounds.discovery.methods.contains(method) {
            wanted.methods.remove(method)
            refuse(Self.part, Words.method(method.rawValue))
        }
        if wanted.rate > bounds.discovery.rate {
            wanted.rate = bounds.discovery.rate
            refuse(Self.part, Words.gentler(wanted.rate))
        }
        if wanted.interval < bounds.discovery.interval {
            wanted.interval = bounds.discovery.interval
            refuse(Self.part, Words.slower(wanted.interval))
        }
        for name in wanted.credentials ?? [] where !isAllowed(name) { refuse(Self.part, Words.credential(name)) }
    }

    /// The usual one, which has no name, is no secret.
    private func isAllowed(_ name: String) -> Bool {
        name.isEmpty || bounds.credentials?.contains { $0.fits(name) } ?? true
    }
}
