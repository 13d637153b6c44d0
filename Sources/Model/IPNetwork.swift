/// A network in CIDR notation (RFC 4632, RFC 4291 §2.3), or one address.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    public let base: IPAddress
    /// How many bits all its addresses share: 0 to 32, for IPv6 to 128.
    public let prefixLength: Int

    /// Parses `192.0.2.0/24`, `2001:db8::/120` or an address; nil on anything else, and where bits behind the prefix are set.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let bits = address.octets.count * 8
        guard parts.count == 2 else {
            (base, prefixLength) = (address, bits)
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]), length <= bits,
            IPNetwork.masked(address.octets, length) == address.octets
        else { return nil }
        (base, prefixLength) = (address, length)
    }

    /// The network of that prefix length in which an address lies; nil for a length that the address cannot have.
    public init?(of address: IPAddress, prefixLength: Int) {
        guard (0...address.octets.count * 8).contains(prefixLength),
            let base = IPAddress(octets: IPNetwork.masked(address.octets, prefixLength))
        else { return nil }
        (self.base, self.prefixLength) = (base, prefixLength)
    }

    /// How many bits tell its addresses apart.
    public var hostBits: Int { base.octets.count * 8 - prefixLength }

    /// How many addresses hosts can have: of an IPv4 network with more than two, the first and the last are none
    /// (RFC 1122 §3.2.1.3). Nil beyond 2^24.
    public var hostCount: Int? {
        guard hostBits <= 24 else { return nil }
        return hasEnds ? (1 << hostBits) - 2 : 1 << hostBits
    }

    /// The host address at `index` from 0; nil beyond the last.
    public func host(at index: Int) -> IPAddress? {
        guard let count = hostCount, (0..<count).contains(index) else { return nil }
        var octets = base.octets
        var rest = UInt64(index) + (hasEnds ? 1 : 0)
        for place in octets.indices.reversed() where rest > 0 {
            octets[place] |= UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        return IPAddress(octets: octets)
    }

    /// Whether the address is one of the network's.
    public func contains(_ address: IPAddress) -> Bool {
        address.octets.count == base.octets.count && IPNetwork.masked(address.octets, prefixLength) == base.octets
    }

    /// Whether every address of the other network is one of this one's.
    public func contains(_ other: IPNetwork) -> Bool { prefixLength <= other.prefixLength && contains(other.base) }

    /// Whether some address is in both.
    public func overlaps(_ other: IPNetwork) -> Bool { contains(other) || other.contains(self) }

    /// `192.0.2.0/24`.
    public var description: String { "\(base)/\(prefixLength)" }

    private var hasEnds: Bool { !base.isIPv6 && hostBits > 1 }

    private static func masked(_ octets: [UInt8], _ length: Int) -> [UInt8] {
        octets.enumerated().map { place, octet in
            let bits = min(max(length - place * 8, 0), 8)
            return bits == 0 ? 0 : octet & (0xff << UInt8(8 - bits))
        }
    }
}
