import Model

/// The MAC addresses a device has learned and behind which port each, eight octets an entry: a campus without borders has
/// two million of them.
public struct ForwardingTable: Hashable, Sendable {
    /// The address in the upper 48 bits, the port's place in `ports` in the lower 16; ascending, each once.
    private let entries: [UInt64]
    /// The ports it names.
    let ports: [CIID]

    /// Reads items of the section `forwarding`; `interfaces` are those of the device by ifIndex. What the device has not
    /// learned (its own addresses) and what names no interface is left out, and the VLAN is not kept: an address may stand
    /// behind several ports.
    public init(_ items: some Sequence<SectionItem>, interfaces: [Int64: CIID]) {
        var places: [CIID: UInt64] = [:]
        var ports: [CIID] = []
        var entries: [UInt64] = []
        for item in items {
            let facts = item.attributes
            guard ForwardingTable.isLearned(facts["status"]?.text), let index = facts["interface_index"]?.integer,
                let port = interfaces[index], let mac = (facts["mac"]?.text).flatMap({ MACAddress($0) }),
                mac.tellsMachines
            else { continue }
            var place = places[port]
            if place == nil, ports.count <= Int(UInt16.max) {
                place = UInt64(ports.count)
                places[port] = place
                ports.append(port)
            }
            if let place { entries.append(mac.bits << 16 | place) }
        }
        entries.sort()
        self.entries = Array(entries.uniqued)
        self.ports = ports
    }

    /// Calls `body` with each address and its port's place in ``ports``, addresses ascending.
    @inline(__always)
    func forEach(_ body: (_ mac: UInt64, _ place: Int) -> Void) {
        for entry in entries { body(entry >> 16, Int(entry & 0xffff)) }
    }

    /// How many entries it has.
    public var count: Int { entries.count }

    /// dot1dTpFdbStatus (RFC 4188): `learned`, or `mgmt` where a person wrote it; without a word it was learned.
    private static func isLearned(_ status: String?) -> Bool {
        switch status {
        case nil, "learned", "mgmt": true
        default: false
        }
    }
}

extension [UInt64] {
    /// The elements of an ascending list, each once.
    fileprivate var uniqued: [UInt64] {
        var last: UInt64?
        return filter { element in
            defer { last = element }
            return element != last
        }
    }
}

extension MACAddress {
    /// Whether the address may belong to one machine: no group address, no filler, none that several routers share.
    var tellsMachines: Bool { !isMulticast && !isFiller && !JunkIdentity.isShared(self) }
}
