import Model

/// Marks of one question, reused by the next: a node is visited when its stamp is the question's.
struct GraphScratch: Sendable {
    var stamps: [UInt32] = []
    var cameFrom: [Int32] = []
    var question: UInt32 = 0
    /// What one node reaches; kept so that a question allocates once.
    var ends: [PackedEnd] = []

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
    /// What the roots reach, breadth first, at most `depth` edges away; `limit` bounds the list, not the count. Without
    /// `paths` the ways are left empty and only ``ImpactedCI/via`` tells them.
    ///
    /// Failure travels along an edge as its kind says. Over a cable it reaches the interface at the other end and shows
    /// that interface's host as touched; it goes on through the host only when all its interfaces are reached. A host
    /// of which only an unnamed program was connected is touched, too.
    public mutating func impact(
        of roots: [CIID], travel: ImpactTravel, depth: Int? = nil, limit: Int = 1000, paths: Bool = true
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
            collectEnds(of: node, travel)
            for end in scratch.ends where scratch.visit(end.node, from: node) {
                order.append(end.node)
                distances.append(distance + 1)
                // Some program of that host talked to what failed: that does not take the host down.
                if end.kind == .connectsTo, travel == .dependents, nodes.isHost(end.node) {
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
        return answer(order, distances, rootCount: rootCount, limit: limit, paths: paths)
    }

    /// Puts into the scratch what failure or need reaches from a node over one edge.
    private mutating func collectEnds(of node: Int32, _ travel: ImpactTravel) {
        var ends = scratch.ends
        scratch.ends = []
        ends.removeAll(keepingCapacity: true)
        forEachEnd(of: node, isOut: travel == .dependencies) { end in
            if !nodes.isRetired(end.node) { ends.append(end) }
        }
        forEachEnd(of: node, isOut: travel != .dependencies) { end in
            if end.kind == .connectedTo, !nodes.isRetired(end.node) { ends.append(end) }
        }
        scratch.ends = ends
    }

    /// The host of an interface that was reached over its cable; nil for any other node.
    private func hostBehindCable(_ node: Int32) -> Int32? {
        guard nodes.isInterface(node), let host = nodes.parent(node), nodes.isHost(host) else {
            return nil
        }
        let from = scratch.cameFrom[Int(node)]
        return from >= 0 && nodes.isInterface(from) ? host : nil
    }

    private func isCutOff(_ host: Int32) -> Bool {
        var isCut = true
        forEachEnd(of: host, isOut: false) { end in
            guard end.kind == .partOf, nodes.isInterface(end.node), nodes.state(end.node) == .active,
                nodes.name(end.node) != "lo"
            else { return }
            if !scratch.isVisited(end.node) { isCut = false }
        }
        return isCut
    }

    private func answer(
        _ order: [Int32], _ distances: [Int32], rootCount: Int, limit: Int, paths: Bool
    ) -> ImpactAnswer {
        // A host may stand twice: touched first, then cut off.
        var hosts: Set<Int32> = []
        var business: [Int] = []
        var others: [Int] = []
        var total = 0
        for index in rootCount..<max(order.count, rootCount) {
            let node = order[index]
            if nodes.isHost(node), !hosts.insert(node).inserted { continue }
            total += 1
            if nodes.isBusinessService(node) {
                business.append(index)
            } else if others.count < limit {
                others.append(index)
            }
        }
        let affected = (business + others).prefix(max(limit, 0)).map { index in
            let node = order[index]
            return ImpactedCI(
                ci: nodes.id(node), className: nodes.className(node), name: nodes.name(node),
                state: nodes.state(node), distance: Int(distances[index]), path: paths ? path(to: node) : [],
                via: scratch.cameFrom[Int(node)] < 0 ? nil : nodes.id(scratch.cameFrom[Int(node)]))
        }
        return ImpactAnswer(
            roots: order.prefix(rootCount).map { nodes.node($0) }, affected: affected, total: total,
            truncated: affected.count < total)
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
