import Model

extension CIState {
    /// The number under which the state is stored; never changed once released.
    var code: Int {
        switch self {
        case .active: 0
        case .vanished: 1
        case .retired: 2
        }
    }

    /// The state stored as `code`; nil for a number of a newer version.
    init?(code: Int) {
        guard let state = CIState.allCases.first(where: { $0.code == code }) else { return nil }
        self = state
    }
}

extension RelationKind {
    /// The number under which the kind is stored; never changed once released. Kinds from 3 on are derived across
    /// CIs, see the partial index `relation_by_object`.
    var code: Int {
        switch self {
        case .runsOn: 1
        case .partOf: 2
        case .connectsTo: 3
        case .connectedTo: 4
        case .dependsOn: 5
        case .hostedOn: 6
        }
    }

    /// The kind stored as `code`; nil for a number of a newer version.
    init?(code: Int) {
        guard let kind = RelationKind.allCases.first(where: { $0.code == code }) else { return nil }
        self = kind
    }
}

extension RelationEvidence {
    /// The number under which the evidence is stored; never changed once released.
    var code: Int {
        switch self {
        case .lldp: 1
        case .cdp: 2
        case .fdp: 3
        case .forwarding: 4
        case .forwardingShared: 5
        case .guestList: 6
        case .samePort: 7
        case .spanningTree: 8
        }
    }

    /// The evidence stored as `code`; nil for a number of a newer version.
    init?(code: Int) {
        guard let evidence = RelationEvidence.allCases.first(where: { $0.code == code }) else { return nil }
        self = evidence
    }
}
