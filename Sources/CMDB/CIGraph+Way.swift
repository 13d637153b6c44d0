import Model

extension CIGraph {
    /// A shortest way over cables from one machine or interface to another: hosts, devices and the interfaces in turn; nil
    /// where none is known. A guest leaves through its host.
    ///
    /// The way goes through devices. It goes through other hosts only with `throughHosts`: most hosts with two cables pass
    /// nothing on. Interfaces in `avoiding` are not entered, and hosts in it are not gone through.
    public mutating func way(
        from start: CIID, to goal: CIID, avoiding: Set<CIID> = [], throughHosts: Bool = false
    ) -> [GraphNode]? {
        guard let first = nodes.index(of: start), let last = nodes.index(of: goal) else { return nil }
        let avoided = Set(avoiding.compactMap { nodes.index(of: $0) })
        scratch.begin(count: nodes.count)
        _ = scratch.visit(first, from: -1)
        var order = [first]
        var position = 0
        while position < order.count {
            let node = order[position]
            position += 1
            if node == last { return way(to: node) }
            collectWays(from: node, isStart: node == first, avoided, throughHosts)
            for end in scratch.ends where scratch.visit(end.node, from: node) { order.append(end.node) }
        }
        return nil
    }

    /// Puts into the scratch where a way may go on from a node.
    private mutating func collectWays(from node: Int32, isStart: Bool, _ avoided: Set<Int32>, _ throughHosts: Bool) {
        var ends = scratch.ends
        scratch.ends = []
        ends.removeAll(keepingCapacity: true)
        if nodes.isInterface(node) {
            for isOut in [true, false] {
                forEachEnd(of: node, isOut: isOut) { end in
                    if end.kind == .connectedTo, isPassable(end.node, avoided) { ends.append(end) }
                }
            }
            if let owner = nodes.parent(node) { ends.append(PackedEnd(owner, .partOf)) }
        } else {
            let isHost = nodes.isHost(node)
            if isHost {
                for isOut in [true, false] {
                    forEachEnd(of: node, isOut: isOut) { end in
                        if end.kind == .hostedOn, !nodes.isRetired(end.node) { ends.append(end) }
                    }
                }
            }
            let from = scratch.cameFrom[Int(node)]
            let isPassed = throughHosts && !avoided.contains(node)
            if isStart || !isHost || isPassed || (from >= 0 && nodes.isHost(from)) {
                forEachEnd(of: node, isOut: false) { end in
                    if end.kind == .partOf, isPassable(end.node, avoided) { ends.append(end) }
                }
            }
        }
        scratch.ends = ends
    }

    private func isPassable(_ node: Int32, _ avoided: Set<Int32>) -> Bool {
        nodes.isInterface(node) && nodes.state(node) == .active && !avoided.contains(node)
    }

    private func way(to node: Int32) -> [GraphNode] {
        var way: [GraphNode] = []
        var current = node
        while current >= 0 {
            way.append(nodes.node(current))
            current = scratch.cameFrom[Int(current)]
        }
        return way.reversed()
    }
}
