import Glibc

/// Which addresses a transfer may connect to; asked for each address after the name is resolved, so that a name
/// cannot be checked as one address and connected as another.
public enum AddressPolicy: Sendable {
    /// All of them.
    case any
    /// Only addresses of the public internet: no loopback, link-local, private, shared, multicast or reserved ones,
    /// and none of the IPv6 forms that carry an IPv4 address.
    case publicOnly

    /// Whether a connection to the octets (4 or 16, network order) may be made.
    public func allows(octets: [UInt8]) -> Bool {
        switch self {
        case .any: true
        case .publicOnly:
            switch octets.count {
            case 4: isPublicIPv4(octets)
            case 16: isPublicIPv6(octets)
            default: false
            }
        }
    }

    /// Whether a connection to a socket address may be made; `.any` also allows families other than IP.
    func allows(family: Int32, address: UnsafeRawPointer, length: Int) -> Bool {
        if case .any = self { return true }
        let bytes = UnsafeRawBufferPointer(start: address, count: length)
        // Offsets of sin_addr and sin6_addr in the kernel's ABI (ip(7), ipv6(7)).
        if family == AF_INET, length >= 8 { return allows(octets: Array(bytes[4..<8])) }
        if family == AF_INET6, length >= 24 { return allows(octets: Array(bytes[8..<24])) }
        return false
    }
}

private struct Prefix {
    let octets: [UInt8]
    let bits: Int

    func contains(_ address: [UInt8]) -> Bool {
        let whole = bits / 8
        guard address.prefix(whole).elementsEqual(octets.prefix(whole)) else { return false }
        guard bits % 8 > 0, whole < address.count, whole < octets.count else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> (bits % 8))
        return address[whole] & mask == octets[whole] & mask
    }
}

// IANA's special-purpose registry for IPv4 (RFC 6890 and later), multicast and reserved space.
private let specialIPv4: [Prefix] = [
    Prefix(octets: [0], bits: 8), Prefix(octets: [10], bits: 8), Prefix(octets: [100, 64], bits: 10),
    Prefix(octets: [127], bits: 8), Prefix(octets: [169, 254], bits: 16), Prefix(octets: [172, 16], bits: 12),
    Prefix(octets: [192, 0, 0], bits: 24), Prefix(octets: [192, 0, 2], bits: 24),
    Prefix(octets: [192, 88, 99], bits: 24), Prefix(octets: [192, 168], bits: 16),
    Prefix(octets: [198, 18], bits: 15), Prefix(octets: [198, 51, 100], bits: 24),
    Prefix(octets: [203, 0, 113], bits: 24), Prefix(octets: [224], bits: 3),
]

// Inside 2000::/3, which alone is public: Teredo, documentation, 6to4.
private let specialIPv6: [Prefix] = [
    Prefix(octets: [0x20, 0x01, 0x00, 0x00], bits: 23), Prefix(octets: [0x20, 0x01, 0x0d, 0xb8], bits: 32),
    Prefix(octets: [0x20, 0x02], bits: 16), Prefix(octets: [0x3f, 0xff, 0x00], bits: 20),
]

private func isPublicIPv4(_ octets: [UInt8]) -> Bool { !specialIPv4.contains { $0.contains(octets) } }

private func isPublicIPv6(_ octets: [UInt8]) -> Bool {
    Prefix(octets: [0x20], bits: 3).contains(octets) && !specialIPv6.contains { $0.contains(octets) }
}
