import CMDB
import Model
import Stores

/// Finds the other end of cables and connections.
extension GraphRelationService {
    /// The cable a neighbour statement tells of; nil while an end is not known.
    func cable(_ statement: NeighbourStatement, of subject: CIID, object: Int64) async throws -> RelationEdge? {
        guard let local = try await localInterface(statement, of: subject, object: object),
            let owner = try await neighbour(statement, of: subject),
            let remote = book.interface(of: owner, calledOneOf: statement.portNames), local != remote
        else { return nil }
        let ends = [local, remote].sorted()
        return RelationEdge(
            source: ends[0], kind: .connectedTo, target: ends[1], object: object, confidence: 100)
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
