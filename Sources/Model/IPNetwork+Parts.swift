extension IPNetwork {
    /// Addresses of one part at least, in bits.
    private static let partBits = 8
    /// Parts of one network at most, in bits.
    private static let countBits = 8

    /// The parts in which several share a network: of 256 addresses, of more where there would be over 256 of them; the network itself
    /// where it has no more than 256 addresses, or so many that nobody asks each of them.
    public var parts: [IPNetwork] {
        let bits = max(Self.partBits, hostBits - Self.countBits)
        guard hostCount != nil, hostBits > bits else { return [self] }
        let length = prefixLength + hostBits - bits
        return (0..<(1 << (hostBits - bits))).compactMap { index in
            IPNetwork(of: base.adding(UInt64(index) << UInt64(bits)), prefixLength: length)
        }
    }

    /// The same addresses in as few networks as possible, in order: halves that are both there become the whole.
    ///
    /// A network has no host at its first and last address, so that what was cut in parts must be put together before it is asked.
    public static func joined(_ networks: some Sequence<IPNetwork>) -> [IPNetwork] {
        var joined: [IPNetwork] = []
        for network in networks.sorted(by: { $0.isBefore($1) }) {
            if let last = joined.last, last.contains(network) { continue }
            joined.append(network)
            while joined.count > 1, let whole = joined[joined.count - 2].whole(with: joined[joined.count - 1]) {
                joined.removeLast(2)
                joined.append(whole)
            }
        }
        return joined
    }

    /// In order of address, the larger of two first.
    public func isBefore(_ other: IPNetwork) -> Bool {
        guard base.octets.count == other.base.octets.count else { return base.octets.count < other.base.octets.count }
        guard base.octets == other.base.octets else { return base.octets.lexicographicallyPrecedes(other.base.octets) }
        return prefixLength < other.prefixLength
    }

    /// The network of which this and the other are the halves; nil where they are not.
    private func whole(with other: IPNetwork) -> IPNetwork? {
        guard prefixLength == other.prefixLength, prefixLength > 0, base != other.base,
            let whole = IPNetwork(of: base, prefixLength: prefixLength - 1), whole.contains(other.base)
        else { return nil }
        return whole
    }
}

extension IPAddress {
    /// The address that lies so many behind this one; counting goes on from the first behind the last.
    fileprivate func adding(_ count: UInt64) -> IPAddress {
        var octets = octets
        var rest = count
        for place in octets.indices.reversed() where rest > 0 {
            let (low, carry) = octets[place].addingReportingOverflow(UInt8(truncatingIfNeeded: rest))
            octets[place] = low
            rest = rest >> 8 + (carry ? 1 : 0)
        }
        return IPAddress(octets: octets) ?? self
    }
}
