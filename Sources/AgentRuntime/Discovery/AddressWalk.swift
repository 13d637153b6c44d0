import Model
import Synchronization

/// The addresses of some networks one after the other, without those that are left out. Memory does not grow with them.
final class AddressWalk: Sendable {
    private struct Place {
        var network = 0
        var host = 0
    }

    private let networks: [IPNetwork]
    private let isWanted: @Sendable (IPAddress) -> Bool
    private let place = Mutex(Place())

    /// The addresses of `networks` for which `isWanted` holds.
    init(_ networks: [IPNetwork], where isWanted: @escaping @Sendable (IPAddress) -> Bool) {
        self.networks = networks
        self.isWanted = isWanted
    }

    /// The next address; nil at the end.
    func next() -> IPAddress? {
        place.withLock { place in
            while place.network < networks.count {
                guard let address = networks[place.network].host(at: place.host) else {
                    place.network += 1
                    place.host = 0
                    continue
                }
                place.host += 1
                if isWanted(address) { return address }
            }
            return nil
        }
    }
}
