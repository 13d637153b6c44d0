import CMDB
import Model

/// What a drawing of the network shows: places as one box each until they are opened; in an opened one its devices, with those
/// at the edge gathered that hang on the same devices. What has alarms is never gathered.
struct NetworkPlan: Sendable {
    /// A box.
    struct Box: Sendable, Equatable {
        enum What: Sendable, Equatable {
            /// A place that is closed, by its position in the map.
            case place
            /// A device, by its position in the map.
            case device(Int)
            /// Devices at the edge that hang on the same others; the CI whose opening shows them one by one.
            case gathered([Int], on: CIID)
        }

        var what: What
        /// The place it stands in.
        var place: Int
        /// The worst alarm of the devices it stands for.
        var worst: Severity?
        /// Machines at the edge that hang on it.
        var ends = 0
        /// How many of those, and of gathered devices, have alarms.
        var troubled = 0
    }

    /// A line between two boxes, by position in ``boxes``; it leads away from the middle.
    struct Line: Sendable, Equatable {
        var from: Int
        var to: Int
        /// Cables it stands for.
        var cables: [NetworkMap.Cable]
        /// Whether both stand equally far from the middle.
        var isLevel: Bool
        /// Columns it goes over: to the edge at least as far as others' way over the distribution.
        var columns = 1
    }

    private(set) var boxes: [Box] = []
    private(set) var lines: [Line] = []
    /// Places that are open, by position in the map.
    private(set) var open: Set<Int> = []
    /// Devices in opened places that no box stands for: no cable is known of them.
    private(set) var loose: [Int: [Int]] = [:]
    /// Devices that are left out because there would be too many boxes.
    private(set) var left = 0

    /// How many boxes a drawing has at most.
    static let boxLimit = 600
    /// So many devices of a place stand by themselves before any are gathered.
    private static let single = 40
    /// So many at the edge of the same devices stand by themselves.
    private static let beside = 3

    let map: NetworkMap
    private let worst: [CIID: Severity]

    /// A plan of a map with the worst alarm of each machine; `opened` are keys of places, `below` devices on which what was
    /// gathered is shown one by one.
    init(_ map: NetworkMap, worst: [CIID: Severity], opened: Set<String>, below: Set<CIID>) {
        self.map = map
        self.worst = worst
        open =
            map.places.count == 1
            ? [0] : Set(map.places.indices.filter { opened.contains(Self.key(of: map.places[$0])) })
        var boxOf = Array(repeating: -1, count: map.nodes.count)
        let members = Dictionary(grouping: map.nodes.indices) { map.nodes[$0].place }
        let near = Self.neighbours(map)
        for place in map.places.indices {
            let inside = members[place] ?? []
            if open.contains(place) {
                addDevices(inside, of: place, near, below, &boxOf)
            } else {
                addClosed(place, inside, &boxOf)
            }
        }
        addLines(boxOf)
        spread()
    }

    /// The key of a place in addresses.
    static func key(of place: NetworkMap.Place) -> String { place.name ?? "-" }

    // MARK: Boxes

    private mutating func addClosed(_ place: Int, _ inside: [Int], _ boxOf: inout [Int]) {
        for node in inside { boxOf[node] = boxes.count }
        boxes.append(summary(.place, of: inside, place: place))
    }

    private mutating func addDevices(
        _ inside: [Int], of place: Int, _ near: [Set<Int>], _ below: Set<CIID>, _ boxOf: inout [Int]
    ) {
        var leaves: [Set<Int>: [Int]] = [:]
        let linked = inside.filter { map.nodes[$0].tier != .loose }
        loose[place] = inside.filter { map.nodes[$0].tier == .loose }
        for node in linked where map.nodes[node].tier == .access && worst[map.nodes[node].machine.ci] == nil {
            leaves[near[node], default: []].append(node)
        }
        let isCrowded = linked.count > Self.single
        var gathered: [Int: [Int]] = [:]
        var isGathered: Set<Int> = []
        for (on, group) in leaves where isCrowded && group.count > Self.beside {
            guard let first = group.first, !on.contains(where: { below.contains(map.nodes[$0].machine.ci) }) else {
                continue
            }
            gathered[first] = group
            isGathered.formUnion(group)
        }
        for node in linked {
            if let group = gathered[node], let on = near[node].min() {
                for member in group { boxOf[member] = boxes.count }
                boxes.append(summary(.gathered(group, on: map.nodes[on].machine.ci), of: group, place: place))
            } else if !isGathered.contains(node) {
                guard boxes.count < Self.boxLimit else {
                    left += 1
                    continue
                }
                boxOf[node] = boxes.count
                var box = Box(what: .device(node), place: place, worst: worst[map.nodes[node].machine.ci])
                box.ends = map.nodes[node].ends.count
                box.troubled = map.nodes[node].ends.count { worst[$0] != nil }
                boxes.append(box)
            }
        }
    }

    private func summary(_ what: Box.What, of inside: [Int], place: Int) -> Box {
        var box = Box(what: what, place: place)
        let ends = Set(inside.flatMap { map.nodes[$0].ends })
        let machines = inside.map { map.nodes[$0].machine.ci }
        box.ends = ends.count
        box.troubled = (machines + ends).count { worst[$0] != nil }
        box.worst = machines.compactMap { worst[$0] }.min { $0.rank < $1.rank }
        return box
    }

    /// Neighbours by position.
    private static func neighbours(_ map: NetworkMap) -> [Set<Int>] {
        var near = Array(repeating: Set<Int>(), count: map.nodes.count)
        for link in map.links {
            near[link.from].insert(link.to)
            near[link.to].insert(link.from)
        }
        return near
    }

    // MARK: Lines

    /// So many boxes that hang on one other stand below each other; more stand in several columns.
    private static let tall = 12
    private static let columns = 4

    /// Puts boxes that hang on one other box alone into columns beside each other, where they are many.
    private mutating func spread() {
        var counts: [Int: Int] = [:]
        for line in lines {
            counts[line.from, default: 0] += 1
            counts[line.to, default: 0] += 1
        }
        let leaves = lines.indices.filter { counts[lines[$0].to] == 1 && !lines[$0].isLevel }
        for (_, hanging) in Dictionary(grouping: leaves, by: { lines[$0].from }) where hanging.count > Self.tall {
            let columns = min(Self.columns, (hanging.count - 1) / Self.tall + 1)
            for (place, line) in hanging.enumerated() { lines[line].columns += place % columns }
        }
    }

    private mutating func addLines(_ boxOf: [Int]) {
        // Places with devices between core and edge.
        let deep = Set(map.nodes.filter { $0.tier == .distribution }.map(\.place))
        var found: [[Int]: Int] = [:]
        for link in map.links {
            let (from, to) = (boxOf[link.from], boxOf[link.to])
            guard from >= 0, to >= 0, from != to else { continue }
            if let known = found[[from, to]] {
                lines[known].cables += link.cables
                continue
            }
            if let known = found[[to, from]] {
                lines[known].cables += link.cables.map(\.turned)
                continue
            }
            found[[from, to]] = lines.count
            let (here, there) = (map.nodes[link.from], map.nodes[link.to])
            let isInside = here.place == there.place
            let isLevel =
                isInside ? here.level == there.level : map.places[here.place].level == map.places[there.place].level
            let isLong = isInside && here.tier == .core && there.tier == .access && deep.contains(here.place)
            lines.append(
                Line(from: from, to: to, cables: link.cables, isLevel: isLevel, columns: isLong ? 2 : 1))
        }
    }
}
