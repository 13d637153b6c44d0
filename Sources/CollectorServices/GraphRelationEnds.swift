import CMDB
import Model
import Stores

/// Finds the other end of cables and connections.
extension GraphRelationService {
    /// The two interfaces a neighbour statement speaks of, as far as they are known.
    func ends(
        of statement: NeighbourStatement, of subject: CIID, object: Int64
    ) async throws -> (local: CIID?, remote: CIID?) {
        let local = try await localInterface(statement, of: subject, object: object)
        let owner = try await neighbour(statement, of: subject)
        return (local, owner.flatMap { book.interface(of: $0, calledOneOf: statement.portNames) })
    }

    /// The cable between two interfaces; nil while one is not known or is down.
    func cable(
        _ ends: (local: CIID?, remote: CIID?), evidence: RelationEvidence, object: Int64
    ) -> RelationEdge? {
        guard let local = ends.local, let remote = ends.remote, local != remote,
            book.entry(local)?.isUp != false, book.entry(remote)?.isUp != false
        else { return nil }
        return RelationEdge(
            source: min(local, remote), kind: .connectedTo, target: max(local, remote), object: object,
            confidence: evidence.confidence, evidence: evidence)
    }

    /// The host that a guest is: by its UUID as its firmware tells it, else by the name a container has inside.
    func guest(_ statement: GuestStatement) async throws -> CIID? {
        if let uuid = statement.uuid, let guest = try await store.ci(withKey: "uuid", value: uuid) { return guest }
        guard let name = statement.hostname else { return nil }
        let named = try await named(CanonicalText.of(name), classes: [.host]).filter { fabric.isContainer($0.id) }
        return named.count == 1 ? named.first?.id : nil
    }

    private func localInterface(
        _ statement: NeighbourStatement, of subject: CIID, object: Int64
    ) async throws -> CIID? {
        if let index = statement.localIndex,
            let interface = try await store.child(of: object, key: "interface:\(index)")?.ci
        {
            return interface.id
        }
        return book.interface(of: subject, calledOneOf: [statement.localPort])
    }

    /// Which machine a neighbour is: by its chassis id, by the port's MAC, by an address of its own, by its name.
    private func neighbour(_ statement: NeighbourStatement, of subject: CIID) async throws -> CIID? {
        if let mac = MACAddress(statement.chassisID) {
            if let owner = try await store.ci(withKey: "mac", value: mac.description) { return owner }
            if let owner = try await store.ci(withKey: "chassis", value: mac.description) { return owner }
            if let owner = book.owner(of: mac), owner != subject { return owner }
        }
        if let owner = try await store.ci(withKey: "chassis", value: statement.chassisID.lowercased()) { return owner }
        for name in statement.portNames {
            if let mac = MACAddress(name), let owner = book.owner(of: mac), owner != subject { return owner }
        }
        for address in statement.managementAddresses {
            if let owner = book.owner(of: address), owner != subject { return owner }
        }
        guard let name = statement.chassisName else { return nil }
        let named = try await named(CanonicalText.of(name), classes: [.host, .device]).filter { $0.id != subject }
        return named.count == 1 ? named.first?.id : nil
    }

    /// The edge for a live connection; not final while the other end may still turn out to be a service.
    func connection(
        _ statement: ConnectionStatement, of subject: CIID, object: Int64
    ) async throws -> (edge: RelationEdge?, isFinal: Bool) {
        let host = statement.address.isLoopback ? subject : book.owner(of: statement.address)
        guard let host else { return (nil, false) }
        let service = try await listener(statement.transport, statement.address, statement.port, on: host)
        // A connection to a machine's port that nobody names there is still a connection to that machine; one inside
        // a machine without a listener is nothing.
        guard let target = service ?? (host == subject ? nil : host) else { return (nil, false) }
        let source = try await program(statement.service, object: object) ?? subject
        // A host that talks to a program of its own says nothing.
        guard source != target, source != host else { return (nil, true) }
        let edge = RelationEdge(
            source: source, kind: .connectsTo, target: target, object: object, confidence: service == nil ? 60 : 90)
        return (edge, service != nil)
    }

    /// The service on `host` that has an endpoint; an active one before one that vanished.
    func listener(_ transport: String, _ address: IPAddress?, _ port: Int, on host: CIID) async throws -> CIID? {
        var best: (ci: CIID, score: Int)?
        for service in try await services(on: host) {
            let match =
                service.endpoints.map {
                    $0.match(transport: transport, address: address, port: port)
                }.max() ?? 0
            guard match > 0 else { continue }
            let score = match + (service.record.state == .active ? 10 : 0)
            if score > best?.score ?? 0 { best = (service.record.id, score) }
        }
        return best?.ci
    }

    /// Services of a host with where they listen, retired ones left out.
    func services(on host: CIID) async throws -> [ListeningService] {
        if let read = servicesRead[host] { return read }
        let lists = try await store.values(of: "listen", in: host, className: .service)
        let services = try await store.children(of: host, asOf: nil).filter {
            $0.className == .service && $0.state != .retired
        }.map { record in
            ListeningService(
                record: record, endpoints: (lists[record.id]?.list ?? []).compactMap { ListenEndpoint($0) })
        }
        servicesRead[host] = services
        return services
    }

    /// CIs with exactly this name.
    func named(_ name: String, classes: [CIClass]) async throws -> [CIRecord] {
        var found: [CIRecord] = []
        for className in classes {
            let query = CIQuery(text: name, className: className, limit: 20)
            found += try await store.find(query).filter { $0.name == name }
        }
        return found
    }

    private func program(_ key: String, object: Int64) async throws -> CIID? {
        guard !key.isEmpty else { return nil }
        return try await store.child(of: object, key: "service:\(CanonicalText.of(key))")?.ci?.id
    }
}
