/// An IPv4 or IPv6 address in canonical text (RFC 5952 for IPv6); always valid inside the program.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four or sixteen octets in network order.
    public let octets: [UInt8]

    /// An address of four or sixteen octets; nil for any other count. A v4-mapped v6 address becomes its IPv4 form.
    public init?(octets: some Collection<UInt8>) {
        let all = Array(octets)
        guard all.count == 4 || all.count == 16 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        self.octets = all.count == 16 && all.starts(with: mapped) ? Array(all[12...]) : all
    }

    /// Parses dotted IPv4 (four decimal parts, no leading zeros) or IPv6 with optional `::`; nil on anything else,
    /// on zone identifiers and on the old short forms of IPv4.
    public init?(_ text: String) {
        guard text.utf8.count <= 45 else { return nil }
        let octets = text.utf8.contains(UInt8(ascii: ":")) ? parseIPv6(text) : parseIPv4(text[...])
        guard let octets else { return nil }
        self.init(octets: octets)
    }

    /// Whether the address is IPv6.
    public var isIPv6: Bool { octets.count == 16 }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        isIPv6 ? octets.dropLast().allSatisfy { $0 == 0 } && octets.last == 1 : octets.first == 127
    }

    /// 0.0.0.0 or ::.
    public var isUnspecified: Bool { octets.allSatisfy { $0 == 0 } }

    /// 169.254.0.0/16 or fe80::/10: means something on one link only.
    public var isLinkLocal: Bool {
        isIPv6 ? octets[0] == 0xfe && octets[1] & 0xc0 == 0x80 : octets[0] == 169 && octets[1] == 254
    }

    /// 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool { isIPv6 ? octets[0] == 0xff : octets[0] & 0xf0 == 0xe0 }

    /// What counts as one peer where peers are counted: an IPv4 address, or the 64 bits that a host of IPv6 is given, in which it
    /// takes what addresses it likes (RFC 4291 §2.5.1, RFC 8981); a text that is no address is a peer of its own.
    public static func peer(of text: String) -> String {
        guard let address = IPAddress(text) else { return text }
        guard address.isIPv6 else { return address.description }
        return formatIPv6(address.octets.prefix(8) + [UInt8](repeating: 0, count: 8)) + "/64"
    }

    /// The canonical text.
    public var description: String {
        isIPv6 ? formatIPv6(octets) : octets.map(String.init).joined(separator: ".")
    }
}

private func parseIPv4(_ text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var octets: [UInt8] = []
    for part in parts {
        guard part.utf8.allSatisfy({ (48...57).contains($0) }), part == "0" || part.utf8.first != 48,
            let octet = UInt8(part)
        else { return nil }
        octets.append(octet)
    }
    return octets
}

private func parseIPv6(_ text: String) -> [UInt8]? {
    var head: [UInt8] = []
    var tail: [UInt8] = []
    var sawGap = false
    var groups = text.split(separator: ":", omittingEmptySubsequences: false)[...]
    if groups.first?.isEmpty == true {
        guard groups.dropFirst().first?.isEmpty == true else { return nil }
        groups.removeFirst()
    }
    if groups.last?.isEmpty == true {
        guard groups.dropLast().last?.isEmpty == true else { return nil }
        groups.removeLast()
    }
    for (index, group) in zip(groups.indices, groups) {
        if group.isEmpty {
            guard !sawGap else { return nil }
            sawGap = true
            continue
        }
        guard let octets = octetsOfGroup(group, isLast: index == groups.endIndex - 1) else { return nil }
        if sawGap { tail += octets } else { head += octets }
    }
    let missing = 16 - head.count - tail.count
    guard sawGap ? missing >= 2 : missing == 0 else { return nil }
    return head + [UInt8](repeating: 0, count: missing) + tail
}

private func octetsOfGroup(_ group: Substring, isLast: Bool) -> [UInt8]? {
    if group.utf8.contains(UInt8(ascii: ".")) { return isLast ? parseIPv4(group) : nil }
    guard (1...4).contains(group.utf8.count) else { return nil }
    var value: UInt16 = 0
    for byte in group.utf8 {
        guard let digit = hexadecimalDigit(byte) else { return nil }
        value = value << 4 | UInt16(digit)
    }
    return [UInt8(value >> 8), UInt8(value & 0xff)]
}

private func formatIPv6(_ octets: [UInt8]) -> String {
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
    var best = 0..<0
    var start = 0
    while start < 8 {
        var end = start
        while end < 8, groups[end] == 0 { end += 1 }
        if end - start > max(best.count, 1) { best = start..<end }
        start = end + 1
    }
    let texts = groups.map { String($0, radix: 16) }
    if best.isEmpty { return texts.joined(separator: ":") }
    return texts[..<best.lowerBound].joined(separator: ":") + "::" + texts[best.upperBound...].joined(separator: ":")
}
