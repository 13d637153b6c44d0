import Model

/// A request that a caller may send again under the same key.
public struct RequestClaim: Hashable, Sendable {
    /// Who sends it; keys of one caller say nothing to another.
    public var caller: String
    /// SHA-256 of the caller's key, in hexadecimal.
    public var key: String
    /// SHA-256 of method, target and body, in hexadecimal: what the key was first used for.
    public var fingerprint: String
    /// When the key may be used for something else.
    public var expires: Timestamp

    /// A claim.
    public init(caller: String, key: String, fingerprint: String, expires: Timestamp) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
        self.expires = expires
    }
}

/// The answer that a claimed request was given.
public struct KeptAnswer: Hashable, Sendable {
    /// HTTP status.
    public var status: Int
    /// The body, JSON.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// A change to what is kept of requests.
public enum RequestChange: Sendable {
    /// The request has its effect in this very commit. A second claim of the same request changes nothing; the key with
    /// another fingerprint is refused with a conflict. Claims that ended go, and the oldest beyond `limit` of the caller.
    case claim(RequestClaim, limit: Int)
    /// What the request was answered; claims it if nothing did before.
    case keep(RequestClaim, KeptAnswer, limit: Int)
}

/// Reads what is kept of requests.
public protocol RequestReading: Sendable {
    /// The claim of a key that holds at `moment`, with its answer where one was kept; nil for none.
    func claimedRequest(
        caller: String, key: String, at moment: Timestamp
    ) async throws -> (claim: RequestClaim, answer: KeptAnswer?)?
}

/// What every commit of the request being answered carries besides its own changes.
///
/// It travels with the task, not through each command's parameters: which request a command belongs to is the edge's
/// knowledge, and a command that forgot to hand it on would lose the promise silently.
public struct CommitScope: Sendable {
    /// The claim of the request; nil without a key.
    public var claim: RequestChange?
    /// What the caller's precondition rests on.
    public var expectations: [Expectation]

    /// A scope.
    public init(claim: RequestChange? = nil, expectations: [Expectation] = []) {
        self.claim = claim
        self.expectations = expectations
    }

    /// The scope of the running task.
    @TaskLocal public static var current: CommitScope?

    /// A set with what the scope adds.
    public func applied(to set: ChangeSet) -> ChangeSet {
        var set = set
        set.expectations += expectations
        if let claim { set.requests.append(claim) }
        return set
    }
}
