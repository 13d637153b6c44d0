import Model

/// A cable as the graph knows it: two interfaces that are joined, and the machines they are in.
public struct GraphCable: Hashable, Sendable {
    /// One end.
    public struct End: Hashable, Sendable {
        /// The interface.
        public var port: GraphNode
        /// The host or device it is in.
        public var machine: GraphNode

        /// An end.
        public init(port: GraphNode, machine: GraphNode) {
            self.port = port
            self.machine = machine
        }
    }

    /// The end whose interface has the lower number.
    public var first: End
    /// The other end.
    public var second: End

    /// A cable.
    public init(first: End, second: End) {
        self.first = first
        self.second = second
    }
}

extension CIGraph {
    /// Every cable between two machines that are there, once, in order of its interfaces.
    public func cables() -> [GraphCable] {
        var pairs: Set<PackedEdge> = []
        for node in 0..<Int32(nodes.count) where isThere(node) && nodes.isInterface(node) {
            forEachEnd(of: node, isOut: true) { end in
                guard end.kind == .connectedTo, nodes.isInterface(end.node), isThere(end.node) else { return }
                pairs.insert(
                    PackedEdge(source: min(node, end.node), kind: .connectedTo, target: max(node, end.node)))
            }
        }
        let cables = pairs.compactMap { pair -> GraphCable? in
            guard let here = end(pair.source), let there = end(pair.target), here.machine.ci != there.machine.ci else {
                return nil
            }
            return here.port.ci < there.port.ci
                ? GraphCable(first: here, second: there) : GraphCable(first: there, second: here)
        }
        return cables.sorted { ($0.first.port.ci, $0.second.port.ci) < ($1.first.port.ci, $1.second.port.ci) }
    }

    /// The host or device a CI is or lies in; the outermost CI around it where there is none, nil for an unknown CI.
    public func machine(of ci: CIID) -> CIID? {
        guard var node = nodes.index(of: ci) else { return nil }
        var steps = 0
        while !isMachine(node), let parent = nodes.parent(node), steps < 8 {
            node = parent
            steps += 1
        }
        return nodes.id(node)
    }

    private func end(_ port: Int32) -> GraphCable.End? {
        guard let machine = nodes.parent(port), isMachine(machine), !nodes.isRetired(machine) else { return nil }
        return GraphCable.End(port: nodes.node(port), machine: nodes.node(machine))
    }

    private func isThere(_ node: Int32) -> Bool { nodes.state(node) == .active }

    private func isMachine(_ node: Int32) -> Bool { nodes.isHost(node) || nodes.className(node) == .device }
}
