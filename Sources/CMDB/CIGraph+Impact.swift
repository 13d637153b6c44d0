import Model

/// Marks of one question, reused by the next: a node is visited when its stamp is the question's.
struct GraphScratch: Sendable {
    var stamps: [UInt32] = []
    var cameFrom: [Int32] = []
    var question: UInt32 = 0

    /// Begins a question over `count` nodes.
    mutating func begin(count: Int) {
        if stamps.count < count {
            stamps.append(contentsOf: repeatElement(0, count: count - stamps.count))
            cameFrom.append(contentsOf: repeatElement(-1, count: count - cameFrom.count))
        }
        if question == .max {
            stamps = Array(repeating: 0, count: stamps.count)
            question = 0
        }
        question += 1
    }

    /// Marks a node; false when this question was there before.
    mutating func visit(_ node: Int32, from: Int32) -> Bool {
        guard stamps[Int(node)] != question else { return false }
        stamps[Int(node)] = question
        cameFrom[Int(node)] = from
        return true
    }

    func isVisited(_ node: Int32) -> Bool { stamps[Int(node)] == question }
}

extension CIGraph {
    /// What the roots reach, breadth first, at most `depth` edges away; `limit` bounds the list, not the count.
    ///
    /// Failure travels along an edge as its kind says. Over a cable it reaches the interface at the other end and shows
    /// that interface's host as touched; it goes on through the host only when all its interfaces are reached. A host
    /// of which only an unnamed program was connected is touched, too.
    public mutating func impact(
        of roots: [CIID], travel: ImpactTravel, depth: Int? = nil, limit: Int = 1000
    ) -> ImpactAnswer {
        scratch.begin(count: nodes.count)
        var order: [Int32] = []
        var distances: [Int32] = []
        var touchedOnly: Set<Int32> = []
        for root in roots.compactMap({ nodes.index(of: $0) }) where scratch.visit(root, from: -1) {
            order.append(root)
            distances.append(0)
        }
        let rootCount = order.count
        var position = 0
        while position < order.count {
            let (node, distance) = (order[position], distances[position])
            position += 1
            if distance >= Int32(clamping: depth ?? .max) || touchedOnly.contains(node) { continue }
            for end in ends(of: node, travel) where scratch.visit(end.node, from: node) {
                order.append(end.node)
                distances.append(distance + 1)
                // Some program of that host talked to what failed: that does not take the host down.
                if end.kind == .connectsTo, travel == .dependents, nodes.classIs(.host, end.node) {
                    touchedOnly.insert(end.node)
                }
            }
            guard travel == .dependents, let host = hostBehindCable(node) else { continue }
            if scratch.visit(host, from: node) {
                order.append(host)
                distances.append(distance + 1)
                if !isCutOff(host) { touchedOnly.insert(host) }
            } else if touchedOnly.contains(host), isCutOff(host) {
                // Its last interface is reached only now: what depends on the host is reached, too.
                touchedOnly.remove(host)
                order.append(host)
                distances.append(distance + 1)
            }
        }
        return answer(order, distances, rootCount: rootCount, limit: limit)
    }

    private func ends(of node: Int32, _ travel: ImpactTravel) -> [PackedEnd] {
        var reached: [PackedEnd] = []
        forEachEnd(of: node, isOut: travel == .dependencies) { end in
            if nodes.state(end.node) != .retired { reached.append(end) }
        }
        forEachEnd(of: node, isOut: travel != .dependencies) { end in
            if end.kind == .connectedTo, nodes.state(end.node) != .retired { reached.append(end) }
        }
        return reached
    }

    /// The host of an interface that was reached over its cable; nil for any other node.
    private func hostBehindCable(_ node: Int32) -> Int32? {
        guard nodes.classIs(.interface, node), let host = nodes.parent(node), nodes.classIs(.host, host) else {
            return nil
        }
        let from = scratch.cameFrom[Int(node)]
        return from >= 0 && nodes.classIs(.interface, from) ? host : nil
    }

    private func isCutOff(_ host: Int32) -> Bool {
        var isCut = true
        forEachEnd(of: host, isOut: false) { end in
            guard end.kind == .partOf, nodes.classIs(.interface, end.node), nodes.state(end.node) == .active,
                nodes.name(end.node) != "lo"
            else { return }
            if !scratch.isVisited(end.node) { isCut = false }
        }
        return isCut
    }

    private func answer(_ order: [Int32], _ distances: [Int32], rootCount: Int, limit: Int) -> ImpactAnswer {
        var seen: Set<Int32> = []
        let isShort = order.count <= 4096
        var reached: [(isBusiness: Bool, distance: Int32, node: Int32)] = []
        reached.reserveCapacity(order.count)
        for index in rootCount..<max(order.count, rootCount) {
            let node = order[index]
            if isShort || nodes.classIs(.host, node), !seen.insert(node).inserted { continue }
            reached.append((nodes.classIs(.businessService, node), distances[index], node))
        }
        let business = reached.filter(\.isBusiness)
        let listed = (business + reached.lazy.filter { !$0.isBusiness }.prefix(max(0, limit - business.count)))
            .prefix(max(limit, 0))
        let affected = listed.map { entry in
            ImpactedCI(
                ci: nodes.id(entry.node), className: nodes.className(entry.node), name: nodes.name(entry.node),
                state: nodes.state(entry.node), distance: Int(entry.distance), path: path(to: entry.node))
        }
        return ImpactAnswer(
            roots: order.prefix(rootCount).map { nodes.node($0) }, affected: affected, total: reached.count,
            truncated: affected.count < reached.count)
    }

    private func path(to node: Int32) -> [String] {
        var names: [String] = []
        var current = node
        while current >= 0 {
            names.append("\(nodes.className(current).rawValue) \(nodes.name(current))")
            current = scratch.cameFrom[Int(current)]
        }
        return names.reversed()
    }
}
