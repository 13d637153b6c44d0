import Model
import Stores
import Synchronization

/// Requests that a caller may send again under a key: the effect happens once, the answer comes each time.
///
/// The claim of the key is in the same commit as the effect. The answer is kept in a commit of its own right after: a
/// collector that ends between the two knows that the effect is there and says so, and never repeats it. Answers that
/// hold a secret are kept in memory alone.
public final class RepeatableRequests: Sendable {
    /// What is kept in the store.
    public typealias Store = RequestReading & ChangeCommitting

    /// What becomes of a repeated request.
    public enum Outcome: Sendable {
        /// The first time: this is its answer.
        case first(KeptAnswer)
        /// The answer of the first time.
        case repeated(KeptAnswer)
        /// The same key, another request.
        case otherRequest
        /// The same request is being answered now.
        case running
        /// It had its effect and its answer is not kept.
        case answerLost
    }

    private struct Secret {
        var answer: KeptAnswer
        var expires: Timestamp
    }

    private struct State {
        var running: Set<String> = []
        var secrets: [String: Secret] = [:]
    }

    /// How long a key holds, in seconds.
    public static let lifeSeconds: Int64 = 86_400
    /// How many keys of one caller are kept.
    public static let perCaller = 1000
    /// Longer answers are not kept.
    static let answerBytes = 262_144
    /// How many answers with secrets are kept in memory.
    static let secretAnswers = 1000

    private let store: any Store
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// Requests over a store; `now` is the collector's wall clock.
    public init(store: any Store, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    /// Runs `body` unless the key was used before. Only an answer that says success is kept.
    public func run(
        caller: String, key: String, fingerprint: String, holdsSecret: Bool, scope: CommitScope?,
        isSuccess: (KeptAnswer) -> Bool, _ body: () async throws -> KeptAnswer
    ) async throws -> Outcome {
        let name = caller + " " + key
        guard state.withLock({ $0.running.insert(name).inserted }) else { return .running }
        defer { _ = state.withLock { $0.running.remove(name) } }
        if let (claim, answer) = try await store.claimedRequest(caller: caller, key: key, at: now()) {
            guard claim.fingerprint == fingerprint else { return .otherRequest }
            return (answer ?? secret(name)).map(Outcome.repeated) ?? .answerLost
        }
        let claim = RequestClaim(
            caller: caller, key: key, fingerprint: fingerprint, expires: now().adding(seconds: Self.lifeSeconds))
        var scope = scope ?? CommitScope()
        scope.claim = .claim(claim, limit: Self.perCaller)
        let answer = try await CommitScope.$current.withValue(scope) { try await body() }
        if isSuccess(answer) { try await keep(answer, of: claim, name, holdsSecret: holdsSecret) }
        return .first(answer)
    }

    private func keep(_ answer: KeptAnswer, of claim: RequestClaim, _ name: String, holdsSecret: Bool) async throws {
        if holdsSecret {
            let moment = now()
            state.withLock { state in
                state.secrets = state.secrets.filter { $0.value.expires > moment }
                if state.secrets.count >= Self.secretAnswers,
                    let oldest = state.secrets.min(by: { $0.value.expires < $1.value.expires })?.key
                {
                    state.secrets[oldest] = nil
                }
                state.secrets[name] = Secret(answer: answer, expires: claim.expires)
            }
        } else if answer.body.count <= Self.answerBytes {
            var set = ChangeSet()
            set.requests = [.keep(claim, answer, limit: Self.perCaller)]
            _ = try await store.commit(set)
        }
    }

    private func secret(_ name: String) -> KeptAnswer? { state.withLock { $0.secrets[name]?.answer } }
}
