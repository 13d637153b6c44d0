import Model

/// A machine on a way, with the ports it is entered and left by.
public struct PathHop: Hashable, Sendable {
    /// The host or device.
    public var ci: GraphNode
    /// The port the way comes in by, or begins at; nil where it begins here, or comes from a guest.
    public var into: GraphNode?
    /// The port the way leaves by, or ends at; nil where it ends here, or goes to a guest.
    public var out: GraphNode?
    /// Between which two CIs the way goes on to the next hop; nil at the end.
    public var next: Step?

    /// From one hop to the next: a cable between two interfaces, or a guest and its host.
    public struct Step: Hashable, Sendable {
        /// On this side.
        public var from: CIID
        /// On the other side.
        public var to: CIID
        /// `connected-to` or `hosted-on`.
        public var kind: RelationKind

        /// A step.
        public init(from: CIID, to: CIID, kind: RelationKind) {
            self.from = from
            self.to = to
            self.kind = kind
        }
    }

    /// A hop with nothing before and behind it.
    public init(ci: GraphNode, into: GraphNode? = nil) {
        self.ci = ci
        self.into = into
    }

    /// Gathers a way of the graph by machine; `owner` finds the machine of an interface. An interface without one is passed
    /// over.
    public static func hops(of way: [GraphNode], owner: (GraphNode) -> GraphNode?) -> [PathHop] {
        var hops: [PathHop] = []
        var last: GraphNode?
        for node in way {
            defer { last = node }
            guard node.className == .interface else {
                guard hops.last?.ci.ci != node.ci else { continue }
                if let last { hops.leave(by: nil, Step(from: last.ci, to: node.ci, kind: .hostedOn)) }
                hops.append(PathHop(ci: node))
                continue
            }
            guard let machine = owner(node) else { continue }
            if let last, last.className == .interface {
                hops.leave(by: last, Step(from: last.ci, to: node.ci, kind: .connectedTo))
                hops.append(PathHop(ci: machine, into: node))
            } else if last == nil {
                hops.append(PathHop(ci: machine, into: way.dropFirst().first?.ci == machine.ci ? node : nil))
            }
        }
        // A way that ends at a port of the machine it has reached leaves by it.
        if let last, last.className == .interface, let place = hops.indices.last, hops[place].into != last {
            hops[place].out = last
        }
        return hops
    }
}

extension [PathHop] {
    fileprivate mutating func leave(by port: GraphNode?, _ step: PathHop.Step) {
        guard let place = indices.last else { return }
        self[place].out = port
        self[place].next = step
    }
}
