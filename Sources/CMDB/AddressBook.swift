import Model
import Stores

/// Which interface has which address, MAC and name: how cables and connections find their other end.
///
/// Addresses that several hosts have at once (a container bridge's) lead nowhere rather than to a guess.
public struct AddressBook: Sendable {
    /// An interface as the book knows it.
    public struct Entry: Hashable, Sendable {
        /// The interface.
        public var ci: CIID
        /// The host or device it is in.
        public var owner: CIID
        /// Texts a neighbour may call it by: name, index, description, alias, MAC.
        public var names: Set<String>
        /// Its MAC.
        public var mac: MACAddress?
        /// Its addresses without prefix length, loopback left out.
        public var addresses: [IPAddress]
        /// Whether it carries frames; nil where nobody tells.
        public var isUp: Bool?
        /// How its owner calls the aggregate or bridge it is part of: by number in a device, by name on a host.
        public var master: String?
        /// Its number in its owner's bridge (dot1dBasePort).
        public var bridgePort: Int64?
        /// The port that speaks for its segment in spanning tree; nil where it does so itself.
        public var designated: DesignatedEnd?
        /// How far it is from a cable, see ``TopologyPort/distance``.
        public var distance: Int
    }

    /// Attributes of interfaces that the book reads.
    public static let attributes =
        naming + [
            "addresses", "oper", "state", "aggregate_index", "master", "type", "bridge_port", "designated_bridge",
            "designated_port",
        ]
    private static let naming = ["name", "mac", "ifindex", "descr", "alias"]

    private var entries: [CIID: Entry] = [:]
    private var byOwner: [CIID: Set<CIID>] = [:]
    private var byMAC: [MACAddress: Set<CIID>] = [:]
    private var byAddress: [IPAddress: Set<CIID>] = [:]

    /// An empty book.
    public init() {}

    /// Puts an interface in, in place of what the book had of it; nil when it lies in nothing.
    @discardableResult
    public mutating func put(_ facts: CIFacts) -> Entry? {
        remove(facts.record.id)
        guard let owner = facts.record.parent else { return nil }
        let mac = (facts.values["mac"]?.text).flatMap { MACAddress($0) }
        var names: Set<String> = [facts.record.name]
        for name in AddressBook.naming {
            if let text = facts.values[name]?.display, !text.isEmpty { names.insert(text) }
        }
        let addresses = (facts.values["addresses"]?.list ?? []).compactMap { text in
            IPAddress(String(text.split(separator: "/").first ?? ""))
        }.filter { !$0.isLoopback && !$0.isUnspecified && !$0.isLinkLocal }
        let entry = Entry(
            ci: facts.record.id, owner: owner, names: names, mac: mac, addresses: addresses,
            isUp: AddressBook.isUp(facts),
            master: facts.values["aggregate_index"]?.display ?? facts.values["master"]?.text,
            bridgePort: facts.values["bridge_port"]?.integer,
            designated: DesignatedEnd(
                bridge: facts.values["designated_bridge"]?.text, port: facts.values["designated_port"]?.integer),
            distance: InterfacePlace.distance(ofType: facts.values["type"]?.text))
        entries[entry.ci] = entry
        byOwner[owner, default: []].insert(entry.ci)
        if let mac, !mac.isFiller { byMAC[mac, default: []].insert(entry.ci) }
        for address in addresses { byAddress[address, default: []].insert(entry.ci) }
        return entry
    }

    /// The entry of an interface.
    public func entry(_ ci: CIID) -> Entry? { entries[ci] }

    /// Interfaces of a host or device.
    public func interfaces(of owner: CIID) -> [Entry] { (byOwner[owner] ?? []).sorted().compactMap { entries[$0] } }

    /// All interfaces as topology sees them; `indexes` are those of devices by ifIndex.
    public func ports(indexes: [CIID: [Int64: CIID]]) -> [TopologyPort] {
        entries.values.map { entry in
            TopologyPort(
                ci: entry.ci, owner: entry.owner, mac: entry.mac, isUp: entry.isUp,
                aggregate: aggregate(of: entry, indexes[entry.owner] ?? [:]), distance: entry.distance,
                bridgePort: entry.bridgePort, designated: entry.designated)
        }
    }

    /// The aggregate an interface is part of. A bridge is none: it holds its ports apart.
    private func aggregate(of entry: Entry, _ indexes: [Int64: CIID]) -> CIID? {
        guard let master = entry.master else { return nil }
        let aggregate =
            if let index = Int64(master) { indexes[index] } else { interface(of: entry.owner, calledOneOf: [master]) }
        guard let aggregate, aggregate != entry.ci, entries[aggregate]?.distance != InterfacePlace.bridge else {
            return nil
        }
        return aggregate
    }

    /// What the IF-MIB (RFC 2863) or the host's kernel says of it; one that vanished carries nothing.
    private static func isUp(_ facts: CIFacts) -> Bool? {
        guard facts.record.state == .active else { return false }
        switch (facts.values["oper"] ?? facts.values["state"])?.text {
        case "up": return true
        case "down", "lowerLayerDown", "notPresent": return false
        default: return nil
        }
    }

    /// The one host or device that has `address`; nil for none or several.
    public func owner(of address: IPAddress) -> CIID? { one(byAddress[address]) }

    /// The one host or device that has an interface with `mac`; nil for none or several.
    public func owner(of mac: MACAddress) -> CIID? { one(byMAC[mac]) }

    /// The interface of `owner` that a neighbour calls by one of `names`, the first name that fits exactly one.
    public func interface(of owner: CIID, calledOneOf names: [String]) -> CIID? {
        let all = interfaces(of: owner)
        for name in names where !name.isEmpty {
            let mac = MACAddress(name)
            let fitting = all.filter { $0.names.contains(name) || (mac != nil && $0.mac == mac) }
            if fitting.count == 1 { return fitting.first?.ci }
        }
        return nil
    }

    private func one(_ interfaces: Set<CIID>?) -> CIID? {
        let owners = Set((interfaces ?? []).compactMap { entries[$0]?.owner })
        return owners.count == 1 ? owners.first : nil
    }

    private mutating func remove(_ ci: CIID) {
        guard let old = entries.removeValue(forKey: ci) else { return }
        byOwner[old.owner]?.remove(ci)
        if let mac = old.mac { byMAC[mac]?.remove(ci) }
        for address in old.addresses { byAddress[address]?.remove(ci) }
    }
}
