import Model

/// A chassis or port identifier as people and lldpd write it.
struct LLDPIdentifier: Hashable {
    let text: String
    /// The subtype under the name lldpd gives it.
    let type: String

    /// LldpChassisIdSubtype: 1 component, 2 interface alias, 3 port component, 4 MAC, 5 address, 6 interface name,
    /// 7 local.
    static func chassis(subtype: Int64, octets: [UInt8]) -> LLDPIdentifier? {
        switch subtype {
        case 4: mac(octets)
        case 5: address(octets)
        case 1, 3: readable(octets, "component")
        case 2: readable(octets, "ifalias")
        case 6: readable(octets, "ifname")
        default: readable(octets, "local")
        }
    }

    /// LldpPortIdSubtype: 1 interface alias, 2 component, 3 MAC, 4 address, 5 interface name, 6 agent circuit, 7 local.
    static func port(subtype: Int64, octets: [UInt8]) -> LLDPIdentifier? {
        switch subtype {
        case 3: mac(octets)
        case 4: address(octets)
        case 1: readable(octets, "ifalias")
        case 2: readable(octets, "component")
        case 5: readable(octets, "ifname")
        default: readable(octets, "local")
        }
    }

    private static func mac(_ octets: [UInt8]) -> LLDPIdentifier? {
        guard let mac = MACAddress(octets: octets) else {
            // Some agents give the text of the address.
            let text = String(decoding: octets.prefix(17), as: UTF8.self)
            return MACAddress(text).map { LLDPIdentifier(text: $0.description, type: "mac") } ?? readable(octets, "mac")
        }
        return LLDPIdentifier(text: mac.description, type: "mac")
    }

    /// IANA address family in the first octet, then the address.
    private static func address(_ octets: [UInt8]) -> LLDPIdentifier? {
        if let family = octets.first, family == 1 || family == 2, let address = IPAddress(octets: octets.dropFirst()) {
            return LLDPIdentifier(text: address.description, type: "ip")
        }
        if octets.count == 4 || octets.count == 16, let address = IPAddress(octets: octets) {
            return LLDPIdentifier(text: address.description, type: "ip")
        }
        return readable(octets, "ip")
    }

    private static func readable(_ octets: [UInt8], _ type: String) -> LLDPIdentifier? {
        var bare = octets
        while bare.last == 0 { bare.removeLast() }
        if bare.isEmpty { return nil }
        if DeviceText.isPrintable(bare), let text = DeviceText.text(bare, limit: 255) {
            return LLDPIdentifier(text: text, type: type)
        }
        return LLDPIdentifier(text: DeviceText.hexadecimal(octets), type: type)
    }
}
