import Glibc
import Model

/// An address of a network interface with the length of its prefix.
public struct InterfaceAddress: Hashable, Sendable {
    /// The interface's name.
    public var interface: String
    /// The address.
    public var address: IPAddress
    /// Bits of the network part.
    public var prefixLength: Int

    /// `192.0.2.1/24`
    public var text: String { "\(address)/\(prefixLength)" }

    /// All addresses of this network namespace; of a recorded machine only IPv6, which alone stands in a file.
    ///
    /// Temporary IPv6 addresses (RFC 8981) are left out: they change by themselves every day.
    public static func all(_ root: SystemRoot) -> [InterfaceAddress] {
        (root.isLive ? liveIPv4() : []) + recordedIPv6(root)
    }

    /// Parses /proc/net/if_inet6.
    private static func recordedIPv6(_ root: SystemRoot) -> [InterfaceAddress] {
        guard let content = try? root.content("/proc/net/if_inet6", limit: 16 << 20) else { return [] }
        return content.lines.prefix(100_000).compactMap { InterfaceAddress(inet6: $0) }
    }

    /// Parses one line of if_inet6; nil for temporary addresses and anything malformed.
    init?(inet6 line: ByteText) {
        let fields = line.fields
        let temporary: UInt64 = 0x01
        guard fields.count == 6, fields[0].bytes.count == 32, let prefix = fields[2].hexadecimal, prefix <= 128,
            let flags = fields[4].hexadecimal, flags & temporary == 0
        else { return nil }
        var octets: [UInt8] = []
        var rest = fields[0].bytes
        while !rest.isEmpty {
            guard let octet = ByteText(slice: rest.prefix(2)).hexadecimal else { return nil }
            octets.append(UInt8(truncatingIfNeeded: octet))
            rest = rest.dropFirst(2)
        }
        guard let address = IPAddress(octets: octets) else { return nil }
        self.init(interface: fields[5].string, address: address, prefixLength: Int(prefix))
    }

    init(interface: String, address: IPAddress, prefixLength: Int) {
        self.interface = interface
        self.address = address
        self.prefixLength = prefixLength
    }

    private static func liveIPv4() -> [InterfaceAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [InterfaceAddress] = []
        var next = list
        while let entry = next {
            if let name = entry.pointee.ifa_name, let octets = octets(entry.pointee.ifa_addr),
                let mask = octets4(entry.pointee.ifa_netmask), let address = IPAddress(octets: octets)
            {
                // An alias (`eth0:1`) is a label of an address, not an interface.
                let interface = String(cString: name).split(separator: ":").first.map(String.init) ?? ""
                let bits = mask.reduce(0) { $0 + $1.nonzeroBitCount }
                found.append(InterfaceAddress(interface: interface, address: address, prefixLength: bits))
            }
            next = entry.pointee.ifa_next
        }
        return found
    }
}

private func octets(_ address: UnsafeMutablePointer<sockaddr>?) -> [UInt8]? {
    guard let address, address.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
    return octets4(address)
}

// A netmask's own family field is not always set.
private func octets4(_ address: UnsafeMutablePointer<sockaddr>?) -> [UInt8]? {
    guard let address else { return nil }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
        var number = pointer.pointee.sin_addr.s_addr
        return withUnsafeBytes(of: &number) { Array($0) }
    }
}
