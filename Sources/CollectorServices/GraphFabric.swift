import CMDB
import Model
import Stores

/// Cables and guests that follow from forwarding tables and spanning trees, stated by a source of their own: an object for each device whose
/// table shows them.
extension GraphRelationService {
    private static let sourceKind = "derived"
    private static let sourceName = "topology"
    private static let scope = "forwarding"
    private static let kindAttribute = "system.kind"
    static let bridgeAttribute = "system.bridge_address"

    /// Reads all tables, what is virtual, and what was derived before.
    func loadFabric() async throws {
        var after: CIID?
        while true {
            let page = try await store.facts(
                ofClass: .host, attributes: [Self.kindAttribute], after: after, limit: Self.page)
            for facts in page { fabric.note(facts.values[Self.kindAttribute]?.text, of: facts.record.id) }
            guard let last = page.last else { break }
            after = last.record.id
        }
        after = nil
        while true {
            let page = try await store.facts(
                ofClass: .device, attributes: [Self.bridgeAttribute], after: after, limit: Self.page)
            for facts in page { fabric.note(bridge: facts.values[Self.bridgeAttribute]?.text, of: facts.record.id) }
            guard let last = page.last else { break }
            after = last.record.id
        }
        for object in try await store.objects(withSection: .forwarding) { try await readTable(object) }
        for object in try await store.objects(ofSourceKind: Self.sourceKind) where object.scope == Self.scope {
            guard let device = Int64(object.key).map({ CIID($0) }) else { continue }
            fabric.objects[device] = object.id
            for edge in try await store.edges(statedBy: object.id) { fabric.topology.take(edge, device: device, book) }
        }
        fabric.noteChange()
    }

    /// Reads the forwarding table that an object states.
    func readTable(_ object: Int64) async throws {
        guard let device = try await store.ci(ofObject: object),
            let record = try await store.ci(device, asOf: nil), record.state != .retired
        else { return fabric.removeTable(of: object) }
        let items = try await store.items(ofObject: object, section: .forwarding)
        guard !items.isEmpty else { return fabric.removeTable(of: object) }
        let children = try await store.children(ofObject: object, prefix: "\(CIClass.interface.rawValue):")
        var interfaces: [Int64: CIID] = [:]
        for (key, ci) in children { if let index = Int64(key) { interfaces[index] = ci } }
        fabric.put(ForwardingTable(items, interfaces: interfaces), of: object, device: device, indexes: interfaces)
    }

    /// Brings cables and guests to what follows from the tables now; only devices of which that changed are written.
    func deriveFabric() async throws {
        let begun = ContinuousClock.now
        let topology = TopologyDerivation.derive(fabric.input(book))
        let time = ContinuousClock.now - begun
        let (before, after) = (fabric.topology.byDevice, topology.byDevice)
        for device in Set(before.keys).union(after.keys).sorted() where before[device] != after[device] {
            let object = try await object(of: device)
            try await bring(object, to: (after[device] ?? Topology()).edges(object: object))
        }
        fabric.endLook(topology, after: time)
    }

    /// The object under which a device's table speaks, made when it is new.
    private func object(of device: CIID) async throws -> Int64 {
        if let known = fabric.objects[device] { return known }
        var numbers = NumberSupply(try await store.reserveNumbers(2))
        guard let first = numbers.next(), let id = numbers.next() else { throw ReconcileError.outOfNumbers }
        var set = ChangeSet()
        let source = try await store.source(kind: Self.sourceKind, name: Self.sourceName)
        if source == nil { set.cmdb.append(.addSource(id: first, kind: Self.sourceKind, name: Self.sourceName)) }
        set.cmdb.append(
            .addObject(
                id: id, source: source ?? first, scope: Self.scope, key: "\(device)", className: .device, parent: nil))
        _ = try await store.commit(set)
        fabric.objects[device] = id
        return id
    }
}

extension Topology {
    /// What each device's table shows.
    fileprivate var byDevice: [CIID: Topology] {
        var parts: [CIID: Topology] = [:]
        for link in links { parts[link.device, default: Topology()].links.append(link) }
        for guest in guests { parts[guest.device, default: Topology()].guests.append(guest) }
        return parts
    }

    /// The same as edges that an object states.
    fileprivate func edges(object: Int64) -> [RelationEdge] {
        links.map { link in
            RelationEdge(
                source: min(link.port, link.other), kind: .connectedTo, target: max(link.port, link.other),
                object: object, confidence: link.confidence, evidence: link.evidence)
        }
            + guests.map { guest in
                RelationEdge(
                    source: guest.guest, kind: .hostedOn, target: guest.host, object: object,
                    confidence: RelationEvidence.samePort.confidence, evidence: .samePort)
            }
    }

    /// Takes what was stated before of a device's table.
    fileprivate mutating func take(_ edge: RelationEdge, device: CIID, _ book: AddressBook) {
        switch (edge.kind, edge.evidence) {
        case (.connectedTo, let evidence?):
            let isSource = book.entry(edge.source)?.owner == device
            links.append(
                Link(
                    device: device, port: isSource ? edge.source : edge.target,
                    other: isSource ? edge.target : edge.source, evidence: evidence, confidence: edge.confidence))
        case (.hostedOn, _): guests.append(Guest(device: device, guest: edge.source, host: edge.target))
        default: return
        }
    }
}
