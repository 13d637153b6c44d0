import Model

/// A CI's row.
public struct CIRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var id: CIID
    /// Its class.
    public var className: CIClass
    /// Its name.
    public var name: String
    /// Its state.
    public var state: CIState
    /// The CI it is identified inside; nil for none.
    public var parent: CIID?
    /// The commit it was made in.
    public var created: CommitNumber
    /// Counted up by each change; for ``Expectation/ci(_:version:)``.
    public var version: Int64

    /// A row.
    public init(
        id: CIID, className: CIClass, name: String, state: CIState, parent: CIID?, created: CommitNumber,
        version: Int64
    ) {
        self.id = id
        self.className = className
        self.name = name
        self.state = state
        self.parent = parent
        self.created = created
        self.version = version
    }
}

/// A thing as one source knows it.
public struct SourceObjectRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var id: Int64
    /// The source's kind: `agent`, `snmp`, `file`, `person`, `import`.
    public var sourceKind: String
    /// The source's name: the agent's id, the file's name.
    public var sourceName: String
    /// `host`, `device:NAME`, `service:NAME`.
    public var scope: String
    /// The key in that scope; `""` for the subject itself.
    public var key: String
    /// The CI it is bound to.
    public var ci: CIID?

    /// An object.
    public init(id: Int64, sourceKind: String, sourceName: String, scope: String, key: String, ci: CIID?) {
        self.id = id
        self.sourceKind = sourceKind
        self.sourceName = sourceName
        self.scope = scope
        self.key = key
        self.ci = ci
    }
}

/// A fact of a CI with where it came from.
public struct AttributeRecord: Hashable, Sendable, Codable {
    /// The attribute's name.
    public var name: String
    /// Its value.
    public var value: AttributeValue
    /// The source whose word counts, as `kind:name`.
    public var source: String
    /// Since which commit.
    public var since: CommitNumber
    /// Wall time of that commit.
    public var sinceTime: Timestamp
    /// What other sources say, where they differ: source to value.
    public var others: [String: AttributeValue]

    /// A fact.
    public init(
        name: String, value: AttributeValue, source: String, since: CommitNumber, sinceTime: Timestamp,
        others: [String: AttributeValue] = [:]
    ) {
        self.name = name
        self.value = value
        self.source = source
        self.since = since
        self.sinceTime = sinceTime
        self.others = others
    }
}

/// An item of a section with its source.
public struct ItemRecord: Hashable, Sendable, Codable {
    /// Section it belongs to.
    public var section: SectionName
    /// Key and attributes.
    public var item: SectionItem
    /// The source, as `kind:name`.
    public var source: String
    /// Wall time since when it has these attributes.
    public var since: Timestamp

    /// An item.
    public init(section: SectionName, item: SectionItem, source: String, since: Timestamp) {
        self.section = section
        self.item = item
        self.source = source
        self.since = since
    }
}

/// An edge as shown: the other end with its class and name.
public struct RelationRecord: Hashable, Sendable, Codable {
    /// The edge.
    public var edge: RelationEdge
    /// The source's row at that time.
    public var sourceCI: CIRecord
    /// The target's row at that time.
    public var targetCI: CIRecord
    /// Who says so, as `kind:name`.
    public var source: String
    /// Wall time since when.
    public var since: Timestamp

    /// A relation.
    public init(edge: RelationEdge, sourceCI: CIRecord, targetCI: CIRecord, source: String, since: Timestamp) {
        self.edge = edge
        self.sourceCI = sourceCI
        self.targetCI = targetCI
        self.source = source
        self.since = since
    }
}

/// Reads the CMDB, now or as of a commit (`asOf` nil means now).
public protocol CMDBReading: Sendable {
    /// The commit that was newest at `moment`; nil before the first.
    func commit(at moment: Timestamp) async throws -> CommitNumber?
    /// A CI's row.
    func ci(_ id: CIID, asOf: CommitNumber?) async throws -> CIRecord?
    /// Facts by name.
    func attributes(of ci: CIID, asOf: CommitNumber?) async throws -> [AttributeRecord]
    /// Items of a section in key order behind `after`; with `text` only those whose key or facts contain it (ASCII case
    /// does not count).
    func items(
        of ci: CIID, section: SectionName, containing text: String?, asOf: CommitNumber?, after: String?, limit: Int
    ) async throws -> [ItemRecord]
    /// How many items each section has.
    func sectionCounts(of ci: CIID, asOf: CommitNumber?) async throws -> [SectionName: Int]
    /// Edges at either end of a CI.
    func relations(of ci: CIID, asOf: CommitNumber?) async throws -> [RelationRecord]
    /// CIs inside a CI (interfaces, file systems, services of a host).
    func children(of ci: CIID, asOf: CommitNumber?) async throws -> [CIRecord]
    /// The newest result of at most `limit` checks that speak for any of `cis`, by name.
    func checks(of cis: Set<CIID>, limit: Int) async throws -> [CheckRecord]
    /// Sources that speak of a CI.
    func objects(of ci: CIID, asOf: CommitNumber?) async throws -> [SourceObjectRecord]
    /// Feed entries about a CI, newest first, behind `before` and not after the commit `asOf`.
    func history(of ci: CIID, before: FeedCursor?, asOf: CommitNumber?, limit: Int) async throws -> [FeedEntry]
    /// When something happened to a CI: the wall time of each commit with a feed entry about it, newest first.
    func moments(of ci: CIID, limit: Int) async throws -> [Timestamp]
    /// CIs whose name, class or key matches `query` (prefix and substring, no pattern), by relevance then id.
    func find(_ query: CIQuery) async throws -> [CIRecord]
    /// The CI an identity key points at.
    func ci(withKey kind: String, value: String) async throws -> CIID?
    /// Wall time of a commit.
    func time(of commit: CommitNumber) async throws -> Timestamp?
}

/// What to look for among CIs.
public struct CIQuery: Hashable, Sendable {
    /// Text in the name or in an identity key; `""` for all.
    public var text: String
    /// Only this class; nil for all.
    public var className: CIClass?
    /// Only in these states.
    public var states: Set<CIState>
    /// Behind this CI; nil from the start.
    public var after: CIID?
    /// How many at most.
    public var limit: Int

    /// A query.
    public init(
        text: String = "", className: CIClass? = nil, states: Set<CIState> = [.active, .vanished], after: CIID? = nil,
        limit: Int = 100
    ) {
        self.text = text
        self.className = className
        self.states = states
        self.after = after
        self.limit = limit
    }
}
