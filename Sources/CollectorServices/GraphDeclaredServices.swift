import CMDB
import Model
import Stores

/// Business services that files declare: a CI each, and an edge to everything they need.
extension GraphRelationService {
    private static let sourceKind = "file"
    private static let scope = "business-service"

    /// Brings CIs and edges to what the files say; a need whose CI is not there yet is looked for again later.
    func deriveDeclared() async throws {
        servicesRead = [:]
        let known = try await store.objects(ofSourceKind: Self.sourceKind).filter { $0.scope == Self.scope }
        for service in declared.services {
            let object = try await object(of: service, known: known)
            guard let ci = object.ci else { continue }
            var wanted: [RelationEdge] = []
            for selector in service.dependsOn {
                for target in try await targets(of: selector) {
                    wanted.append(
                        RelationEdge(source: ci, kind: .dependsOn, target: target, object: object.id, confidence: 100))
                }
            }
            try await bring(object.id, to: wanted)
            try await setState(.active, of: ci)
        }
        for object in known where !declared.services.contains(where: { matches(object, $0) }) {
            try await bring(object.id, to: [])
            if let ci = object.ci { try await setState(.retired, of: ci) }
        }
    }

    private func matches(_ object: SourceObjectRecord, _ service: DeclaredServices.Declared) -> Bool {
        object.sourceName == service.file && object.key == service.name
    }

    /// The object of a declared service, made with its CI when it is new.
    private func object(
        of service: DeclaredServices.Declared, known: [SourceObjectRecord]
    ) async throws -> SourceObjectRecord {
        if let found = known.first(where: { matches($0, service) }) { return found }
        var numbers = NumberSupply(try await store.reserveNumbers(3))
        guard let first = numbers.next(), let id = numbers.next(), let last = numbers.next() else {
            throw ReconcileError.outOfNumbers
        }
        var set = ChangeSet()
        let source = try await store.source(kind: Self.sourceKind, name: service.file)
        if source == nil { set.cmdb.append(.addSource(id: first, kind: Self.sourceKind, name: service.file)) }
        // A service moved to another file keeps its CI.
        let moved = try await named(service.name, classes: [.businessService]).first
        let ci = moved?.id ?? CIID(last)
        set.cmdb.append(
            .addObject(
                id: id, source: source ?? first, scope: Self.scope, key: service.name, className: .businessService,
                parent: nil))
        if moved == nil {
            set.cmdb.append(.addCI(id: ci, className: .businessService, name: service.name, parent: nil))
            set.events.append(.ciCreated(ci: ci, className: .businessService, name: service.name))
        }
        set.cmdb.append(.bind(object: id, ci: ci))
        _ = try await store.commit(set)
        return SourceObjectRecord(
            id: id, sourceKind: Self.sourceKind, sourceName: service.file, scope: Self.scope, key: service.name, ci: ci)
    }

    private func setState(_ state: CIState, of ci: CIID) async throws {
        guard let record = try await store.ci(ci, asOf: nil), record.state != state else { return }
        // The CI of a service that moved to another file is still declared.
        if state == .retired, declared.services.contains(where: { $0.name == record.name }) { return }
        var set = ChangeSet()
        set.expectations = [.ci(ci, version: record.version)]
        set.cmdb = [.setState(ci: ci, state: state)]
        set.events = [.ciStateChanged(ci: ci, from: record.state, to: state)]
        _ = try await store.commit(set)
    }

    /// The CIs a selector names now. What vanished still counts when nothing active is there: that is when people ask.
    private func targets(of selector: ServiceSelector) async throws -> [CIID] {
        switch selector {
        case .named(let className, let name):
            return try await named(name, classes: [className]).map(\.id)
        case .service(let name, let host):
            return try await services(onHostNamed: host) { ServiceSelector.isService($0.record.name, calledBy: name) }
        case .listener(let transport, let port, let host):
            return try await services(onHostNamed: host) { service in
                service.endpoints.contains { $0.transport == transport && $0.port == port }
            }
        }
    }

    private func services(
        onHostNamed host: String, where isMeant: (ListeningService) -> Bool
    ) async throws -> [CIID] {
        var found: [CIRecord] = []
        for host in try await named(host, classes: [.host, .device]) {
            found += try await services(on: host.id).filter(isMeant).map(\.record)
        }
        let active = found.filter { $0.state == .active }
        return (active.isEmpty ? Array(found.suffix(1)) : active).map(\.id)
    }
}
