import CMDB
import Model
import Stores

/// Names every port on the way from one machine to another, over the same graph that impact is answered from.
public struct PathService: Sendable {
    /// The store's sides it reads.
    public typealias Store = CMDBReading & GraphReading

    private let store: any Store
    private let graph: GraphService
    private let queries: QueryService

    /// How many ports that carry nothing a search goes around before it gives up.
    private static let detours = 500

    /// Paths over a graph.
    public init(store: any Store, graph: GraphService, queries: QueryService) {
        self.store = store
        self.graph = graph
        self.queries = queries
    }

    /// A way with what is known of each cable.
    public struct Path: Sendable {
        /// Where it begins.
        public var from: CIRecord
        /// Where it ends.
        public var to: CIRecord
        /// Machines in order.
        public var hops: [Hop]
    }

    /// A machine on the way.
    public struct Hop: Sendable {
        /// The machine and its ports.
        public var place: PathHop
        /// The VLAN in which a device forwards to the end of the way; nil where its table does not tell one.
        public var vlan: Int64?
        /// The cable, or the guest's tie to its host, that leads on; nil at the end.
        public var link: Link?
    }

    /// What is said of the way to the next machine.
    public struct Link: Sendable {
        /// `connected-to` or `hosted-on`.
        public var kind: RelationKind
        /// What it rests on.
        public var evidence: [RelationEvidence]
        /// How sure the surest statement is, in percent.
        public var confidence: Int
        /// Who says so, as `kind:name`.
        public var sources: [String]
        /// Since when somebody has said so without a break.
        public var since: Timestamp
    }

    /// The way between two CIs now or as of a moment. A CI inside a machine (a service, a file system) stands for it.
    public func path(from start: CIID, to goal: CIID, asOf moment: Timestamp?) async throws -> Path {
        let commit = try await queries.commit(asOf: moment)
        let (from, to) = (try await machine(of: start, commit), try await machine(of: goal, commit))
        let nodes = try await openWay(from: from, to: to, commit)
        let machines = try await owners(of: nodes, commit)
        let places = PathHop.hops(of: nodes) { node in node.parent.flatMap { machines[$0] } }
        var hops: [Hop] = []
        let end = nodes.last { $0.className == .interface }?.ci
        for place in places {
            hops.append(
                Hop(
                    place: place, vlan: try await vlan(at: place, towards: end, commit),
                    link: try await link(place.next, commit)))
        }
        return Path(from: from, to: to, hops: hops)
    }

    /// The host, device or interface that a CI is or lies in.
    private func machine(of ci: CIID, _ commit: CommitNumber?) async throws -> CIRecord {
        var record = try await queries.row(ci, asOf: commit)
        while ![.host, .device, .interface].contains(record.className) {
            guard let parent = record.parent else {
                throw ServiceRefusal.invalid(
                    "a path leads from machine to machine: \(record.className.rawValue) \(record.name) is none and lies in none"
                )
            }
            record = try await queries.row(parent, asOf: commit)
        }
        return record
    }

    /// A shortest way on which no port is down or blocked, through hosts only where it must and they forward.
    private func openWay(from: CIRecord, to: CIRecord, _ commit: CommitNumber?) async throws -> [GraphNode] {
        var closed: Set<CIID> = []
        var past: CIGraph?
        if let commit { past = try await store.loadGraph(into: CIGraphBuilder(), asOf: commit).graph() }
        for throughHosts in [false, true] {
            for _ in 0..<Self.detours {
                let way =
                    commit == nil
                    ? try await graph.way(from: from.id, to: to.id, avoiding: closed, throughHosts: throughHosts)
                    : past?.way(from: from.id, to: to.id, avoiding: closed, throughHosts: throughHosts)
                guard let way else { break }
                let before = closed.count
                for node in way.dropFirst().dropLast() {
                    if try await isClosed(node, in: way, commit) { closed.insert(node.ci) }
                }
                if closed.count == before { return way }
            }
        }
        let why =
            closed.isEmpty
            ? "no chain of known cables leads there; muster ci show tells what each is connected to"
            : "every known way leads over a port that is down or blocked, or through a host that does not forward"
        throw ServiceRefusal.notFound("no path from \(from.name) to \(to.name): \(why)")
    }

    /// Whether nothing passes: a port that is down (IF-MIB, the host's kernel) or blocked (BRIDGE-MIB), a host between two
    /// cables that forwards no packets. A host passes on what its guests say.
    private func isClosed(_ node: GraphNode, in way: [GraphNode], _ commit: CommitNumber?) async throws -> Bool {
        guard node.className == .interface || node.className == .host else { return false }
        let facts = try await store.attributes(of: node.ci, asOf: commit)
        if node.className == .host {
            let isBetweenCables = way.count { $0.className == .interface && $0.parent == node.ci } == 2
            return isBetweenCables && !facts.contains { $0.name == "network.forwards_ipv4" && $0.value == .flag(true) }
        }
        return facts.contains { fact in
            switch (fact.name, fact.value.text) {
            case ("oper", "down"), ("oper", "lowerLayerDown"), ("oper", "notPresent"), ("state", "down"),
                ("spanning_tree", "blocking"), ("spanning_tree", "broken"):
                true
            default: false
            }
        }
    }

    private func owners(of nodes: [GraphNode], _ commit: CommitNumber?) async throws -> [CIID: GraphNode] {
        let records = try await store.cis(nodes.compactMap(\.parent), asOf: commit)
        return Dictionary(
            records.map { record in
                (
                    record.id,
                    GraphNode(
                        ci: record.id, className: record.className, name: record.name, state: record.state,
                        parent: record.parent)
                )
            }
        ) { first, _ in first }
    }

    /// What is said of a step; nil for none.
    private func link(_ step: PathHop.Step?, _ commit: CommitNumber?) async throws -> Link? {
        guard let step else { return nil }
        let said = try await store.relations(of: step.from, asOf: commit).filter { record in
            record.edge.kind == step.kind && [record.edge.source, record.edge.target].contains(step.to)
        }
        guard let since = said.map(\.since).min() else { return nil }
        return Link(
            kind: step.kind,
            evidence: RelationEvidence.allCases.filter { kind in said.contains { $0.edge.evidence == kind } },
            confidence: said.map(\.edge.confidence).max() ?? 0, sources: Array(Set(said.map(\.source))).sorted(),
            since: since)
    }

    /// The VLAN of the entry a device forwards by to the machine at the end; nil for several or none.
    private func vlan(at place: PathHop, towards end: CIID?, _ commit: CommitNumber?) async throws -> Int64? {
        guard place.ci.className == .device, place.out != nil, let end,
            let mac = try await store.attributes(of: end, asOf: commit).first(where: { $0.name == "mac" })?.value.text
        else { return nil }
        let entries = try await store.items(
            of: place.ci.ci, section: .forwarding, containing: mac, asOf: commit, after: nil, limit: 100)
        let matching = entries.map(\.item.attributes).filter { $0["mac"]?.text == mac }
        let vlans = Set(matching.compactMap { $0["vlan"]?.integer })
        return vlans.count == 1 ? vlans.first : nil
    }
}
