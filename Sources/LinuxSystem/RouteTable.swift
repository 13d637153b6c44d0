import Model

/// A route of the main table.
public struct Route: Hashable, Sendable {
    /// Where it leads, with the length of its prefix: `0.0.0.0/0` for the default.
    public var destination: String
    /// The next hop; nil for a network at the interface itself.
    public var gateway: IPAddress?
    /// The interface.
    public var interface: String
    /// Lower wins.
    public var metric: UInt64

    /// Whether it is the route for everything that no other leads to.
    public var isDefault: Bool { destination == "0.0.0.0/0" || destination == "::/0" }

    private static let isUp: UInt64 = 1
    private static let isCloned: UInt64 = 0x0100_0000 | 0x0040_0000
    private static let isReject: UInt64 = 0x0200

    /// The routes of /proc/net/route and /proc/net/ipv6_route; those to the host itself, to multicast and to
    /// link-local networks are left out, and so are the ones the kernel made by itself for one peer.
    public static func all(_ root: SystemRoot) -> [Route] {
        var routes: [Route] = []
        if let content = try? root.content("/proc/net/route", limit: 16 << 20) {
            routes += content.lines.dropFirst().prefix(20_000).compactMap { Route(ipv4: $0) }
        }
        if let content = try? root.content("/proc/net/ipv6_route", limit: 16 << 20) {
            routes += content.lines.prefix(20_000).compactMap { Route(ipv6: $0) }
        }
        return routes
    }

    /// Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask …; the addresses as words of this machine.
    init?(ipv4 line: ByteText) {
        let fields = line.fields
        guard fields.count >= 8, let flags = fields[3].hexadecimal, flags & Route.isUp != 0,
            let destination = Route.ipv4(fields[1]), let gateway = Route.ipv4(fields[2]),
            let mask = fields[7].hexadecimal,
            let metric = fields[6].count
        else { return nil }
        self.destination = "\(destination)/\(mask.nonzeroBitCount)"
        self.gateway = gateway.isUnspecified ? nil : gateway
        self.interface = fields[0].string
        self.metric = metric
    }

    /// Destination, prefix, source, prefix, next hop, metric, reference count, use count, flags, interface.
    init?(ipv6 line: ByteText) {
        let fields = line.fields
        guard fields.count >= 10, let flags = fields[8].hexadecimal, flags & Route.isUp != 0,
            flags & (Route.isCloned | Route.isReject) == 0, let prefix = fields[1].hexadecimal, prefix <= 128,
            let destination = Route.ipv6(fields[0]), let gateway = Route.ipv6(fields[4]),
            let metric = fields[5].hexadecimal, fields[9] != "lo"
        else { return nil }
        // ff00::/8 and fe80::/10 are on every interface.
        guard !fields[0].hasPrefix("ff"), !fields[0].hasPrefix("fe8"), !(prefix == 128 && gateway.isUnspecified) else {
            return nil
        }
        self.destination = "\(destination)/\(prefix)"
        self.gateway = gateway.isUnspecified ? nil : gateway
        self.interface = fields[9].string
        self.metric = metric
    }

    /// Eight digits: the address's bytes read as a number of this machine's order.
    private static func ipv4(_ text: ByteText) -> IPAddress? {
        guard text.bytes.count == 8, let number = text.hexadecimal.flatMap(UInt32.init(exactly:)) else { return nil }
        return IPAddress(octets: withUnsafeBytes(of: number) { Array($0) })
    }

    private static func ipv6(_ text: ByteText) -> IPAddress? {
        guard text.bytes.count == 32 else { return nil }
        var octets: [UInt8] = []
        var rest = text.bytes
        while !rest.isEmpty {
            guard let octet = ByteText(slice: rest.prefix(2)).hexadecimal else { return nil }
            octets.append(UInt8(truncatingIfNeeded: octet))
            rest = rest.dropFirst(2)
        }
        return IPAddress(octets: octets)
    }
}

extension ByteText {
    static func != (left: ByteText, right: StaticString) -> Bool { !(left == right) }
}
