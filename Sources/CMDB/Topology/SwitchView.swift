import Model

/// A device's forwarding tables by port, aggregates as one port, ports that are down left out.
struct SwitchView: Sendable {
    let device: CIID
    /// The ports that have addresses.
    private(set) var ports: [CIID] = []
    /// MAC addresses of others behind each port, ascending.
    private(set) var macs: [[UInt64]] = []
    /// Whether a port leads to another switch.
    private(set) var isUplink: [Bool] = []
    /// Other switches, with the ports they are seen behind.
    private(set) var seen: [CIID: Set<Int>] = [:]

    /// `segments` are the ports of which spanning tree says that another bridge stands behind them.
    init(
        _ device: CIID, _ tables: [ForwardingTable], _ known: KnownMachines, _ heard: HeardPorts, _ segments: Set<CIID>
    ) {
        self.device = device
        var slots: [CIID: Int] = [:]
        for table in tables { read(table, known, &slots) }
        for slot in macs.indices { macs[slot].sortAndUnique() }
        for slots in seen.values { for slot in slots { isUplink[slot] = true } }
        for (slot, port) in ports.enumerated()
        where segments.contains(port) || heard.owners(at: port).contains(where: { $0 != device && known.isSwitch($0) })
        {
            isUplink[slot] = true
        }
    }

    /// The one port behind which another switch is seen; nil for none or several.
    func slot(of other: CIID) -> Int? {
        guard let slots = seen[other], slots.count == 1 else { return nil }
        return slots.first
    }

    private mutating func read(_ table: ForwardingTable, _ known: KnownMachines, _ slots: inout [CIID: Int]) {
        // By the port's place in the table: a table has a hundred times as many entries as ports.
        let places = table.ports.map { port -> Int? in
            guard known.port(port)?.isUp ?? true else { return nil }
            let bundle = known.bundle(of: port)
            return slots[bundle] ?? add(bundle, &slots)
        }
        table.forEach { mac, place in
            guard let slot = places[place] else { return }
            if let machine = known.machine(of: mac) {
                guard machine.owner != device else { return }
                if machine.isSwitch { seen[machine.owner, default: []].insert(slot) }
            }
            macs[slot].append(mac)
        }
    }

    private mutating func add(_ port: CIID, _ slots: inout [CIID: Int]) -> Int {
        let slot = ports.count
        slots[port] = slot
        ports.append(port)
        macs.append([])
        isUplink.append(false)
        return slot
    }
}

/// A port of a switch in a derivation.
struct PortPlace: Hashable, Comparable, Sendable {
    let number: Int
    let slot: Int

    static func < (left: PortPlace, right: PortPlace) -> Bool {
        (left.number, left.slot) < (right.number, right.slot)
    }
}

extension [UInt64] {
    /// Makes the list ascending, each element once. One table gives a port's addresses so; they stand twice where several
    /// agents read the table, or an aggregate's members share one.
    mutating func sortAndUnique() {
        var last: UInt64?
        let isAscending = allSatisfy { element in
            defer { last = element }
            return last.map { $0 < element } ?? true
        }
        if !isAscending { self = Set(self).sorted() }
    }

    /// Whether two ascending lists have an element in common.
    func hasCommon(with other: [UInt64]) -> Bool {
        var (here, there) = (0, 0)
        while here < count, there < other.count {
            if self[here] == other[there] { return true }
            if self[here] < other[there] { here += 1 } else { there += 1 }
        }
        return false
    }
}

/// Groups that grow together (union by joining leaders, with halved ways).
struct DisjointSets: Sendable {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func leader(of element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (first, second) = (leader(of: first), leader(of: second))
        if first != second { parents[max(first, second)] = min(first, second) }
    }
}
