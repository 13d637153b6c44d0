import CMDB
import Model
import Stores

/// What the derivation of cables from forwarding tables rests on, kept in memory between looks.
struct Fabric {
    /// When the tables are to be looked at; nil while nothing has changed.
    private(set) var due: ContinuousClock.Instant?
    /// The earliest time of the next look: a look takes at most a twentieth of the time.
    private var earliest = ContinuousClock.now
    private var tables: [Int64: (device: CIID, table: ForwardingTable)] = [:]
    /// Interfaces of devices by ifIndex.
    private(set) var indexes: [CIID: [Int64: CIID]] = [:]
    private var heard: [Int64: [HeardNeighbour]] = [:]
    private var listed: [Int64: [CIID: CIID]] = [:]
    private var kinds: [CIID: Kind] = [:]
    /// The address that spanning tree names each device by.
    private var bridges: [CIID: MACAddress] = [:]
    /// The objects under which what was derived is stated, by device.
    var objects: [CIID: Int64] = [:]
    /// What the last look found.
    var topology = Topology()

    private enum Kind { case machine, container }

    /// Changes settle before they are looked at: a device's parts come one after the other.
    private static let settling = Duration.seconds(1)

    /// Something changed that cables may follow from.
    mutating func noteChange() {
        guard due == nil, !tables.isEmpty || !bridges.isEmpty || topology != Topology() else { return }
        due = max(ContinuousClock.now + Self.settling, earliest)
    }

    /// Whether a look is due.
    func isDue(at now: ContinuousClock.Instant) -> Bool { due.map { $0 <= now } ?? false }

    /// A look that took `time` has found something and is written.
    mutating func endLook(_ topology: Topology, after time: Duration) {
        self.topology = topology
        due = nil
        earliest = ContinuousClock.now + time * 20
    }

    /// The kind of a host, as it tells it (`system.kind`); nil when it tells none any more.
    mutating func note(_ kind: String?, of host: CIID) {
        let kind: Kind? =
            switch kind {
            case "vm": .machine
            case "container": .container
            default: nil
            }
        guard kinds[host] != kind else { return }
        kinds[host] = kind
        noteChange()
    }

    /// The bridge address of a device, as it tells it (`system.bridge_address`); nil when it tells none any more.
    mutating func note(bridge: String?, of device: CIID) {
        let bridge = bridge.flatMap { MACAddress($0) }
        guard bridges[device] != bridge else { return }
        bridges[device] = bridge
        noteChange()
    }

    func isContainer(_ host: CIID) -> Bool { kinds[host] == .container }

    /// What an object's ports have heard.
    mutating func put(_ neighbours: [HeardNeighbour], of object: Int64) {
        let neighbours = neighbours.isEmpty ? nil : neighbours
        guard heard[object] != neighbours else { return }
        heard[object] = neighbours
        noteChange()
    }

    /// The guests that an object lists.
    mutating func put(_ guests: [CIID: CIID], of object: Int64) {
        let guests = guests.isEmpty ? nil : guests
        guard listed[object] != guests else { return }
        listed[object] = guests
        noteChange()
    }

    /// A device's table as an object states it; `indexes` are the device's interfaces by ifIndex.
    mutating func put(_ table: ForwardingTable, of object: Int64, device: CIID, indexes: [Int64: CIID]) {
        self.indexes[device] = indexes
        if let known = tables[object], known.device == device, known.table == table { return }
        tables[object] = (device, table)
        noteChange()
    }

    /// An object speaks of nothing any more.
    mutating func removeTable(of object: Int64) {
        guard tables.removeValue(forKey: object) != nil else { return }
        noteChange()
    }

    func hasTable(_ device: CIID) -> Bool { indexes[device] != nil }

    /// Everything a derivation rests on.
    func input(_ book: AddressBook) -> TopologyInput {
        var input = TopologyInput()
        input.ports = book.ports(indexes: indexes)
        for (device, table) in tables.values { input.tables[device, default: []].append(table) }
        input.heard = heard.values.flatMap { $0 }
        input.bridges = bridges
        input.virtual = Set(kinds.keys)
        for guests in listed.values { input.listed.merge(guests) { first, _ in first } }
        input.previous = topology
        return input
    }
}
