import Logging
import Model
import Policies
import ServiceLifecycle
import Stores
import Synchronization
import TOML
import Wire

/// What the collector wants of its agents: reads the policies' files again when they change, composes what is for one agent, and tells
/// the agents that have asked for it that there is another one.
public final class PolicyService: Service {
    /// A policy as it is given to an agent.
    public struct Given: Sendable {
        /// The tag of its octets.
        public var tag: String
        /// The octets.
        public var bytes: [UInt8]
        /// What it is, and where each part comes from.
        public var composed: ComposedPolicy
    }

    private struct State {
        var set: PolicySet
        var problem: TOMLError?
        /// The tag each agent was given last in this run; an agent that never asked does not understand policies.
        var given: [String: String] = [:]
    }

    let store: any AgentReading & CMDBReading & ChangeCommitting & SweepReading
    private let files: PolicyFiles
    private let additions: [any PolicyAdding]
    private let wants: WantsHub
    private let logger: Logger
    private let state: Mutex<State>
    /// How the directory was before the files were read, so that no change in between is missed.
    private let firstMark: PolicyFiles.Mark

    /// From one look at the files to the next.
    static let pause = Duration.seconds(2)
    /// Looks at the files from one look at the hosts' attributes to the next.
    static let looksBetweenFacts = 30

    /// Reads the files in `directory`; none where it does not exist.
    /// - Throws: `TOMLError` when one is wrong: a collector does not start with half of its policies.
    public init(
        store: any AgentReading & CMDBReading & ChangeCommitting & SweepReading, directory: String,
        additions: [any PolicyAdding] = [],
        wants: WantsHub,
        logger: Logger
    ) throws(TOMLError) {
        self.store = store
        files = PolicyFiles(directory: directory)
        self.additions = additions
        self.wants = wants
        self.logger = logger
        firstMark = PolicyFiles.Mark(directory)
        state = Mutex(State(set: try files.load()))
    }

    /// Reads every file of a directory and says how many policies there are; throws one line for the first that is wrong.
    public static func check(_ directory: String) throws(TOMLError) -> Int {
        try PolicyFiles(directory: directory).load().policies.count
    }

    /// The policies in force.
    public var set: PolicySet { state.withLock { $0.set } }

    /// Why the files as they are now are not in force; nil when they are.
    public var problem: TOMLError? { state.withLock { $0.problem } }

    /// Looks at the files again and again until the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var mark = firstMark
            var looks = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pause)
                let now = PolicyFiles.Mark(files.directory)
                looks += 1
                if now != mark {
                    mark = now
                    if reload() {
                        await audit()
                        await tellAll()
                    }
                } else if looks % Self.looksBetweenFacts == 0, set.needsAttributes {
                    await tellAll()
                }
            }
        }
    }

    /// What an agent gets now.
    public func policy(of agent: AgentRecord) async throws -> Given {
        var added: [String: [PolicyItem]] = [:]
        for addition in additions { added[addition.giver, default: []] += try await addition.devices(of: agent.id) }
        let (set, target) = (set, try await target(agent))
        let composed = set.compose(for: target, adding: added, sweeping: try await parts(of: agent, target, set))
        let bytes = try composed.policy.encoded()
        return Given(tag: AgentPolicy.tag(of: bytes), bytes: bytes, composed: composed)
    }

    /// The parts of its policy's networks that are this agent's.
    private func parts(of agent: AgentRecord, _ target: PolicyTarget, _ set: PolicySet) async throws -> [IPNetwork] {
        guard let policy = set.discovery(for: target)?.name else { return [] }
        return try await store.sweepLeases().filter { $0.policy == policy && $0.lease.holder == agent.id }
            .map(\.network).sorted { $0.isBefore($1) }
    }

    /// What an agent gets that asked for it.
    public func answer(agent id: String) async throws -> Given {
        guard let agent = try await store.agent(id) else { throw ServiceRefusal.notFound("no agent has the id \(id)") }
        let given = try await policy(of: agent)
        state.withLock { $0.given[id] = given.tag }
        return given
    }

    /// Something beside the files changed for an agent: it is told when that makes another policy.
    public func changed(agent id: String) async {
        guard let last = state.withLock({ $0.given[id] }) else { return }
        do {
            guard let agent = try await store.agent(id), agent.revokedReason == nil else { return }
            if try await policy(of: agent).tag != last { await wants.post(.policy, agent: id) }
        } catch {
            logger.error("the policy of an agent could not be made", metadata: ["agent": "\(id)", "error": "\(error)"])
        }
    }

    /// Every agent that has asked is told where its policy is another one now: one after the other, so that a fleet does not come at once.
    private func tellAll() async {
        for id in state.withLock({ Array($0.given.keys) }).sorted() where !Task.isCancelled { await changed(agent: id) }
    }

    /// Files are changed by whoever may write them; that they are in force is on record.
    private func audit() async {
        var change = ChangeSet()
        let names = set.policies.map(\.name).joined(separator: ", ")
        change.agents = [.audit(who: "collector", action: "policies.read", target: files.directory, detail: names)]
        do { _ = try await store.commit(change) } catch {
            logger.error("the change of policies could not be put on record", metadata: ["error": "\(error)"])
        }
    }

    /// Whether other policies are in force now.
    private func reload() -> Bool {
        do throws(TOMLError) {
            let new = try files.load(isNeeded: !set.policies.isEmpty)
            let isOther = state.withLock { state in
                defer {
                    state.set = new
                    state.problem = nil
                }
                return state.set != new
            }
            logger.notice("policies read", metadata: ["policies": "\(new.policies.count)"])
            return isOther
        } catch {
            state.withLock { $0.problem = error }
            logger.error("policies not taken, those before stay in force: \(error)")
            return false
        }
    }

    /// What policies may know of an agent.
    func target(_ agent: AgentRecord) async throws -> PolicyTarget {
        var target = PolicyTarget(agent: agent.id, host: agent.hostname)
        guard set.needsAttributes, let ci = agent.ci else { return target }
        for fact in try await store.attributes(of: ci, asOf: nil) {
            target.attributes[fact.name] = fact.value.display
        }
        return target
    }
}
