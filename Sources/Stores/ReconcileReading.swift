import Model

/// A key by which a CI is known: its kind (`serial`, `mac`) and its normalised value.
public struct IdentityKey: Hashable, Sendable {
    /// The kind.
    public var kind: String
    /// The value, normalised by the kind's own rule.
    public var value: String

    /// A key.
    public init(_ kind: String, _ value: String) {
        self.kind = kind
        self.value = value
    }
}

/// A thing as one source knows it, with the CI it is bound to.
public struct ObjectState: Hashable, Sendable {
    /// Its number.
    public var id: Int64
    /// Its key inside the scope; `""` for the subject itself.
    public var key: String
    /// The CI's row; nil when it is not bound.
    public var ci: CIRecord?

    /// A thing.
    public init(id: Int64, key: String, ci: CIRecord?) {
        self.id = id
        self.key = key
        self.ci = ci
    }
}

/// What one object's source says of one attribute of the CI it is bound to.
public struct StatedValue: Hashable, Sendable {
    /// The object.
    public var object: Int64
    /// The kind of its source.
    public var sourceKind: String
    /// The attribute.
    public var attribute: String
    /// The value.
    public var value: AttributeValue
    /// Since which commit.
    public var since: CommitNumber

    /// A statement.
    public init(
        object: Int64, sourceKind: String, attribute: String, value: AttributeValue, since: CommitNumber
    ) {
        self.object = object
        self.sourceKind = sourceKind
        self.attribute = attribute
        self.value = value
        self.since = since
    }
}

/// A value of a CI's record with the object whose word it is.
public struct RecordedValue: Hashable, Sendable {
    /// The value.
    public var value: AttributeValue
    /// The object.
    public var object: Int64

    /// A value.
    public init(value: AttributeValue, object: Int64) {
        self.value = value
        self.object = object
    }
}

/// What a decision about one section of one subject needs to know.
public struct ReconcileQuestion: Sendable {
    /// The source's kind.
    public var sourceKind: String
    /// The source's name.
    public var sourceName: String
    /// The scope: `host` or `device:TARGET`.
    public var scope: String
    /// The section.
    public var section: SectionName
    /// What keys of objects inside the subject begin with (`interface:`); nil when the section makes no CIs.
    public var childPrefix: String?
    /// Keys whose owners are asked for.
    public var keys: [IdentityKey]
    /// Whether the CIs that items are bound to, and the owners of the keys, are changed too: then their facts are read.
    public var hasDependents: Bool

    /// A question.
    public init(
        sourceKind: String, sourceName: String, scope: String, section: SectionName, childPrefix: String?,
        keys: [IdentityKey], hasDependents: Bool = false
    ) {
        self.sourceKind = sourceKind
        self.sourceName = sourceName
        self.scope = scope
        self.section = section
        self.childPrefix = childPrefix
        self.keys = keys
        self.hasDependents = hasDependents
    }
}

/// Everything a decision about one section of one subject rests on, read in one snapshot.
public struct ReconcileSnapshot: Sendable {
    /// The source's number; nil when it never spoke.
    public var source: Int64?
    /// The subject.
    public var subject: ObjectState?
    /// Objects inside the subject by key.
    public var children: [String: ObjectState] = [:]
    /// CIs inside the subject's CI, whoever speaks of them.
    public var childCIs: [CIRecord] = []
    /// Whether anything lies inside the subject's CI.
    public var hasChildren = false
    /// Digest of the section as stored; nil when it never came.
    public var digest: String?
    /// Whether the section was complete.
    public var isComplete = false
    /// The section's items by key.
    public var items: [String: [String: AttributeValue]] = [:]
    /// Waiting parts of the section by part number.
    public var parts: [Int: [SectionItem]] = [:]
    /// Digest the waiting parts belong to; nil when none wait.
    public var partsDigest: String?
    /// Owners of the keys asked for.
    public var owners: [IdentityKey: CIRecord] = [:]
    /// Sources that speak of the subject's CI and of each owner, as `kind:name`.
    public var speakers: [CIID: Set<String>] = [:]
    /// All current statements about the subject's CI and the CIs inside it.
    public var statements: [CIID: [StatedValue]] = [:]
    /// The records of those CIs.
    public var records: [CIID: [String: RecordedValue]] = [:]
    /// All keys of the subject's CI and of each owner.
    public var keys: [CIID: Set<IdentityKey>] = [:]

    /// An empty snapshot: nothing is known.
    public init() {}
}

/// Reads what decisions about observations need.
public protocol ReconcileReading: Sendable {
    /// All a decision about one section needs.
    func snapshot(for question: ReconcileQuestion) async throws -> ReconcileSnapshot
    /// Adds statements, record, keys, speakers and children of a CI the subject was found to be.
    func snapshot(of ci: CIID, into snapshot: ReconcileSnapshot) async throws -> ReconcileSnapshot
    /// Digest and completeness of a section as stored; nil when it never came.
    func section(
        sourceKind: String, sourceName: String, scope: String, section: SectionName
    ) async throws -> (digest: String, isComplete: Bool)?
    /// The object with this source, scope and key, bound or not.
    func object(sourceKind: String, sourceName: String, scope: String, key: String) async throws -> ObjectState?
    /// The object with `key` beside `object`: of the same source and scope.
    func child(of object: Int64, key: String) async throws -> ObjectState?
    /// The newest result of a check of an agent with the CI it was about.
    func newestResult(agent: String, check: String) async throws -> (ci: CIID, result: CheckResult)?
    /// The value of one attribute of every CI of a class inside `parent`.
    func values(of attribute: String, in parent: CIID, className: CIClass) async throws -> [CIID: AttributeValue]
}
