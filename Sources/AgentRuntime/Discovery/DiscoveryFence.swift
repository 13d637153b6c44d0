import Devices
import Model

/// What discovery may ask, and what it may tell of: nothing outside the allowed networks, nothing that was excluded.
struct DiscoveryFence: Sendable {
    private let swept: [IPNetwork]
    private let crawled: [IPNetwork]
    private let excluded: [IPNetwork]
    private let own: Set<IPAddress>
    private let names: [NamePattern]
    private let platforms: [NamePattern]

    /// The fence of the settings; `own` are this host's addresses, of which its inventory tells more.
    init(_ settings: DiscoverySettings, own: Set<IPAddress>) {
        swept = settings.networks
        crawled = settings.crawlNetworks
        excluded = settings.excludedAddresses
        self.own = own
        names = settings.excludedNames.map { NamePattern($0, ignoresCase: true) }
        platforms = settings.excludedPlatforms.map { NamePattern($0, ignoresCase: true) }
    }

    /// Whether an address is inside and may be asked.
    func allows(_ address: IPAddress) -> Bool {
        isInside(address) && !isExcluded(address) && !address.isMulticast && !address.isUnspecified
    }

    /// Whether a sweep asks the address anyway.
    func isSwept(_ address: IPAddress) -> Bool { swept.contains { $0.contains(address) } }

    /// Whether an address is inside, excluded or not.
    func isInside(_ address: IPAddress) -> Bool { isSwept(address) || crawled.contains { $0.contains(address) } }

    /// Whether an address is never asked.
    func isExcluded(_ address: IPAddress) -> Bool {
        own.contains(address) || excluded.contains { $0.contains(address) }
    }

    /// Whether something of this name, which says this of itself, is left alone.
    func excludes(name: String?, platform: [String?]) -> Bool {
        if let name, names.contains(where: { $0.fits(name) }) { return true }
        return platform.contains { text in text.map { text in platforms.contains { $0.fits(text) } } ?? false }
    }
}
