import Model
import Stores

/// The network as a map shows it: the machines that carry it, what hangs on each, and the links between them, by place.
///
/// Pure: the same cables and facts give the same map. What is drawn of it, and how much is gathered, is the page's choice.
public struct NetworkMap: Hashable, Sendable {
    /// How far a device is from the middle of its place.
    public enum Tier: Int, Hashable, Sendable, CaseIterable, Comparable {
        /// In the middle: nearest to all others, and its twin.
        case core
        /// Between the middle and the edge.
        case distribution
        /// Nothing of the network hangs on it.
        case access
        /// No cable to another part of the network is known.
        case loose

        /// Nearer to the middle first.
        public static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
    }

    /// A machine that carries the network.
    public struct Node: Hashable, Sendable {
        /// Its CI.
        public var machine: GraphNode
        /// Its kind as it was found (`network`, `firewall`, …); nil where nobody tells.
        public var kind: String?
        /// Its place, by position in ``NetworkMap/places``.
        public var place: Int
        /// How far it is from the middle of its place.
        public var tier: Tier
        /// Links between it and the middle of its place.
        public var level: Int
        /// Machines at the edge that hang on it.
        public var ends: [CIID]
    }

    /// All cables between two machines.
    public struct Link: Hashable, Sendable {
        /// The end nearer to the middle, by position in ``NetworkMap/nodes``.
        public var from: Int
        /// The other end.
        public var to: Int
        /// Each cable.
        public var cables: [Cable]
    }

    /// One cable of a link.
    public struct Cable: Hashable, Sendable {
        /// The port's name at the link's first end.
        public var fromPort: String
        /// The port's name at the other end.
        public var toPort: String
        /// How sure the surest statement is, in percent.
        public var confidence: Int

        /// The same seen from the other end.
        public var turned: Cable { Cable(fromPort: toPort, toPort: fromPort, confidence: confidence) }
    }

    /// Where machines stand.
    public struct Place: Hashable, Sendable {
        /// The name; nil for machines whose place nobody tells.
        public var name: String?
        /// Places between it and the one in the middle.
        public var level: Int
    }

    /// Machines that carry the network, by place, tier and name.
    public private(set) var nodes: [Node] = []
    /// Links between them.
    public private(set) var links: [Link] = []
    /// Places by name; the one without a name is last.
    public private(set) var places: [Place] = []

    /// Kinds of devices that carry a network whatever is known of their cables.
    private static let carriers: Set<String> = ["network", "firewall", "loadbalancer"]

    /// A map of cables. `devices` are all devices with the facts ``attributes``; `confidence` is that of the surest
    /// statement of each cable, by its interfaces.
    public init(_ cables: [GraphCable], devices: [CIFacts], confidence: [Set<CIID>: Int]) {
        let facts = Dictionary(devices.map { ($0.record.id, $0) }) { first, _ in first }
        var carrying: [CIID: GraphNode] = [:]
        for device in devices where device.record.state != .retired {
            if Self.carriers.contains(device.values["system.kind"]?.text ?? "") {
                carrying[device.record.id] = GraphNode(device.record)
            }
        }
        // What a cable joins without anything of the network at either end is drawn, too: no cable is left out.
        for cable in cables where carrying[cable.first.machine.ci] == nil && carrying[cable.second.machine.ci] == nil {
            carrying[cable.first.machine.ci] = cable.first.machine
            carrying[cable.second.machine.ci] = cable.second.machine
        }
        carrying.merge(Self.between(cables, carrying, facts)) { first, _ in first }
        let machines = carrying.values.sorted { $0.ci < $1.ci }
        let numbers = Dictionary(machines.enumerated().map { ($1.ci, $0) }) { first, _ in first }
        place(machines, facts)
        join(cables, numbers, confidence)
        rank()
    }

    /// The facts of devices that a map is made of.
    public static let attributes = ["system.kind", "system.location"]

    /// A device that says nothing of its kind, or a wireless one, is on the way between two carriers it has cables to; a
    /// server or a printer with two cables is at the edge all the same.
    private static func between(
        _ cables: [GraphCable], _ carrying: [CIID: GraphNode], _ facts: [CIID: CIFacts]
    ) -> [CIID: GraphNode] {
        var carriers: [CIID: Set<CIID>] = [:]
        var found: [CIID: GraphNode] = [:]
        for cable in cables {
            for (near, far) in [
                (cable.first.machine, cable.second.machine), (cable.second.machine, cable.first.machine),
            ]
            where near.className == .device && carrying[near.ci] == nil && carrying[far.ci] != nil {
                let kind = facts[near.ci]?.values["system.kind"]?.text
                guard kind == nil || kind == "wireless" else { continue }
                carriers[near.ci, default: []].insert(far.ci)
                if carriers[near.ci]?.count == 2 { found[near.ci] = near }
            }
        }
        return found
    }

    // MARK: places

    private mutating func place(_ machines: [GraphNode], _ facts: [CIID: CIFacts]) {
        let names = machines.map { NetworkPlace.name(facts[$0.ci]?.values["system.location"]?.text) }
        // One place for one name, however it is written; it is called as it is first written.
        var spellings: [String: String] = [:]
        for name in names {
            if let name { spellings[NetworkPlace.key(name)] = spellings[NetworkPlace.key(name)] ?? name }
        }
        let sorted = spellings.map { (order: NaturalOrder.key($0.value), key: $0.key, value: $0.value) }
            .sorted { ($0.order, $0.key) < ($1.order, $1.key) }
        places = sorted.map { Place(name: $0.value, level: 0) }
        if names.contains(nil) { places.append(Place(name: nil, level: 0)) }
        let positions = Dictionary(sorted.enumerated().map { ($1.key, $0) }) { first, _ in first }
        nodes = zip(machines, names).map { machine, name in
            Node(
                machine: machine, kind: facts[machine.ci]?.values["system.kind"]?.text,
                place: name.flatMap { positions[NetworkPlace.key($0)] } ?? places.count - 1, tier: .loose, level: 0,
                ends: [])
        }
    }

    // MARK: links

    private mutating func join(_ cables: [GraphCable], _ numbers: [CIID: Int], _ confidence: [Set<CIID>: Int]) {
        var found: [[Int]: [Cable]] = [:]
        var ends: [Int: Set<CIID>] = [:]
        for cable in cables {
            let (here, there) = (numbers[cable.first.machine.ci], numbers[cable.second.machine.ci])
            switch (here, there) {
            case (let here?, let there?):
                let sure = confidence[[cable.first.port.ci, cable.second.port.ci]] ?? 100
                let (first, second) = (cable.first.port.name, cable.second.port.name)
                found[[min(here, there), max(here, there)], default: []].append(
                    here < there
                        ? Cable(fromPort: first, toPort: second, confidence: sure)
                        : Cable(fromPort: second, toPort: first, confidence: sure))
            case (let here?, nil): ends[here, default: []].insert(cable.second.machine.ci)
            case (nil, let there?): ends[there, default: []].insert(cable.first.machine.ci)
            case (nil, nil): continue
            }
        }
        for (node, machines) in ends { nodes[node].ends = machines.sorted() }
        for (pair, cables) in found {
            guard let from = pair.first, let to = pair.last else { continue }
            links.append(Link(from: from, to: to, cables: cables))
        }
        links.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    // MARK: tiers

    /// Gives each node its tier and level and each place its own, turns links so that they lead away from the middle, and
    /// puts nodes in order.
    private mutating func rank() {
        var neighbours = Array(repeating: Set<Int>(), count: nodes.count)
        var inside = neighbours
        var between = Array(repeating: Set<Int>(), count: places.count)
        for link in links {
            neighbours[link.from].insert(link.to)
            neighbours[link.to].insert(link.from)
            let (here, there) = (nodes[link.from].place, nodes[link.to].place)
            if here == there {
                inside[link.from].insert(link.to)
                inside[link.to].insert(link.from)
            } else {
                between[here].insert(there)
                between[there].insert(here)
            }
        }
        for (place, level) in NetworkRings(between).levels.enumerated() { places[place].level = level }
        let levels = NetworkRings(inside).levels
        for node in nodes.indices {
            nodes[node].level = levels[node]
            let isLeaf = !inside[node].contains { levels[$0] > levels[node] }
            nodes[node].tier =
                neighbours[node].isEmpty ? .loose : levels[node] == 0 ? .core : isLeaf ? .access : .distribution
        }
        func distance(_ node: Int) -> (Int, Int) { (places[nodes[node].place].level, nodes[node].level) }
        for place in links.indices where distance(links[place].from) > distance(links[place].to) { links[place].turn() }
        sort()
    }

    private mutating func sort() {
        let names = nodes.map { NaturalOrder.key($0.machine.name) }
        let order = nodes.indices.sorted { first, second in
            let (left, right) = (nodes[first], nodes[second])
            return (left.place, left.tier, names[first], left.machine.ci)
                < (right.place, right.tier, names[second], right.machine.ci)
        }
        var positions = Array(repeating: 0, count: nodes.count)
        for (position, node) in order.enumerated() { positions[node] = position }
        nodes = order.map { nodes[$0] }
        for place in links.indices {
            links[place].from = positions[links[place].from]
            links[place].to = positions[links[place].to]
        }
        links.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    }
}

extension NetworkMap.Link {
    /// The same seen from the other end.
    fileprivate mutating func turn() {
        (from, to) = (to, from)
        cables = cables.map(\.turned)
    }
}

extension GraphNode {
    fileprivate init(_ record: CIRecord) {
        self.init(
            ci: record.id, className: record.className, name: record.name, state: record.state, parent: record.parent)
    }
}
