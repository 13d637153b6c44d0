import Model

/// What a router or switch tells of its routes (IP-FORWARD-MIB, RFC 4292; RFC1213-MIB): never the table, only its size and where
/// everything else goes.
public struct DeviceRoutes: Hashable, Sendable {
    /// How many there are, as the device counts or as they were counted; nil where that is not known.
    public var count: Int64?
    /// How many of each protocol; empty where the table was not read.
    public var byProtocol: [String: Int64] = [:]
    /// Whether the table is larger than what is read of one: then only `count` and `defaults` are known to the end.
    public var isCut = false
    /// The default routes of both families.
    public var defaults: [DeviceRoute] = []

    /// None.
    public init() {}
}

/// A default route.
public struct DeviceRoute: Hashable, Sendable, DeviceRow {
    /// `0.0.0.0/0` or `::/0`.
    public var destination: String
    /// The next router; nil for a route that ends on a link.
    public var nextHop: IPAddress?
    /// ifIndex of the interface it leaves by, where the device tells.
    public var interface: UInt32?
    /// What made it: `static`, `ospf`, `bgp` …, else the number; nil where the device does not tell.
    public var proto: String?

    var key: String {
        "\(destination) \(nextHop?.description ?? "-") \(interface.map { String($0) } ?? "-")"
    }
    var facts: DeviceFacts {
        var facts = DeviceFacts()
        facts["destination"] = destination
        facts["gateway"] = nextHop?.description
        facts[number: "interface_index"] = interface.map(Int64.init)
        facts["protocol"] = proto
        return facts
    }
}
