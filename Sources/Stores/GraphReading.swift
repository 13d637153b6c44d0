import Model

/// Takes the rows of the graph one by one while it is loaded.
public protocol GraphBuilding: Sendable {
    /// A CI; CIs come in order of id.
    mutating func addNode(id: CIID, className: CIClass, name: String, state: CIState, parent: CIID?)
    /// An edge, once for each object that states it.
    mutating func addEdge(source: CIID, kind: RelationKind, target: CIID)
}

/// Reads the whole graph, or edges as they were.
public protocol GraphReading: Sendable {
    /// Feeds every CI and current edge to `builder` in one snapshot, and says which feed position the snapshot holds.
    func loadGraph<Builder: GraphBuilding>(into builder: Builder) async throws -> (builder: Builder, cursor: FeedCursor)
    /// Feeds every CI and edge as of a commit to `builder`.
    func loadGraph<Builder: GraphBuilding>(into builder: Builder, asOf: CommitNumber) async throws -> Builder
    /// The edges that touch any of `cis` as of a commit (nil means now).
    func edges(touching cis: [CIID], asOf: CommitNumber?) async throws -> [RelationEdge]
    /// Rows of `cis` as of a commit.
    func cis(_ cis: [CIID], asOf: CommitNumber?) async throws -> [CIRecord]
    /// CIs of a class in order of id behind `after`, with those of `attributes` that they have.
    func facts(
        ofClass className: CIClass, attributes: [String], after: CIID?, limit: Int
    ) async throws -> [CIFacts]
    /// Objects that have items in a section.
    func objects(withSection section: SectionName) async throws -> [Int64]
    /// The CI an object is bound to.
    func ci(ofObject object: Int64) async throws -> CIID?
    /// Items of a section as one object's source states them.
    func items(ofObject object: Int64, section: SectionName) async throws -> [SectionItem]
    /// Current edges between CIs that an object's source states: cables, connections, declared needs.
    func edges(statedBy object: Int64) async throws -> [RelationEdge]
    /// The CIs of the objects beside `object` (of the same source and scope) whose keys begin with `prefix`, by the rest of
    /// their key.
    func children(ofObject object: Int64, prefix: String) async throws -> [String: CIID]
    /// All objects of sources of a kind.
    func objects(ofSourceKind kind: String) async throws -> [SourceObjectRecord]
    /// The number of a source; nil when it never spoke.
    func source(kind: String, name: String) async throws -> Int64?
}

/// A CI with some of its facts.
public struct CIFacts: Hashable, Sendable {
    /// Its row.
    public var record: CIRecord
    /// Facts by name.
    public var values: [String: AttributeValue]

    /// A CI with facts.
    public init(record: CIRecord, values: [String: AttributeValue]) {
        self.record = record
        self.values = values
    }
}
