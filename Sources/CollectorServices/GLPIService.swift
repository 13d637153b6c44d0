import CMDB
import GLPI
import Model
import Stores
import Wire

/// Takes what agents of GLPI send into the same CIs as our own agents' reports. Each of them is an agent to the collector: with a
/// page, receipts, silence and revocation of its own.
public struct GLPIService: Sendable {
    /// What the service needs of the store.
    public typealias Store = AgentReading & ChangeCommitting

    private let ingest: IngestService
    private let store: any Store
    private let now: @Sendable () -> Timestamp

    /// A service over a store and its ingest; `now` is the collector's wall clock.
    public init(ingest: IngestService, store: any Store, now: @escaping @Sendable () -> Timestamp) {
        self.ingest = ingest
        self.store = store
        self.now = now
    }

    /// The id of the agent that calls itself `deviceID` in a site: `glpi-` and 32 hexadecimal digits. The same name in two sites is
    /// two agents.
    public static func agentID(site: String, deviceID: String) -> String {
        let digest = SHA256Digest(of: Array("\(site)\n\(deviceID)".utf8))
        return "glpi-" + hexadecimal(digest.octets.prefix(16))
    }

    /// Whether an agent is one of GLPI.
    public static func isGLPI(_ agent: String) -> Bool { agent.hasPrefix("glpi-") }

    /// The answer to the body of a request of a site's agent. What is answered is stored and flushed; what is refused has changed
    /// nothing. `speaksJSON` tells that the agent showed an id as newer ones do: these are answered in JSON, and go on in it.
    public func answer(_ body: [UInt8], from site: GLPISite, speaksJSON: Bool) async throws -> GLPIAnswer {
        let message: GLPIMessage
        do throws(GLPIRefusal) { message = try GLPIMessage.read(body) } catch {
            throw error.isTooLarge
                ? ServiceRefusal.tooLarge(error.description) : ServiceRefusal.invalid(error.description)
        }
        switch message {
        case .contact(let deviceID):
            try await noteHeard(Self.agentID(site: site.name, deviceID: deviceID))
            return .contact
        case .prolog(let deviceID):
            try await noteHeard(Self.agentID(site: site.name, deviceID: deviceID))
            return speaksJSON ? .contact : .prolog
        case .inventory(let inventory):
            try await take(inventory, from: site)
            return .stored(inventory.form)
        }
    }

    private func take(_ inventory: GLPIInventory, from site: GLPISite) async throws {
        let agent = Self.agentID(site: site.name, deviceID: inventory.deviceID)
        try await introduce(agent, inventory, site)
        var receipts = inventory.receipts
        for statement in inventory.statements {
            let subject: SectionStatement.Subject =
                switch statement.subject {
                case .host: .host(name: inventory.hostname)
                case .device(let target, let address): .device(target: target, address: address)
                }
            let refused = try await ingest.accept(statement.sections, of: subject, from: agent)
            for (section, reason) in refused.sorted(by: { $0.key < $1.key }) {
                let source = "inventory/\(section.rawValue)"
                receipts.removeAll { $0.source == source }
                receipts.append(
                    Receipt(source: source, outcome: .failure, found: 0, milliseconds: 0, message: reason))
            }
        }
        var set = ChangeSet()
        set.agents = [.heard(agent: agent, at: now(), clockSkew: 0)]
        set.agents += receipts.map { .receipt(agent: agent, receipt: $0) }
        _ = try await store.commit(set)
    }

    /// Makes the agent known, and its version where that is new; refuses one that was revoked.
    private func introduce(_ agent: String, _ inventory: GLPIInventory, _ site: GLPISite) async throws {
        let known = try await store.agent(agent)
        try Self.refuseRevoked(known)
        let heartbeat = Int(clamping: max(1, site.silentSeconds / 3))
        if let known, known.version == inventory.version, known.heartbeatSeconds == heartbeat { return }
        var set = ChangeSet()
        if known == nil {
            set.agents = [
                .addAgent(id: agent, hostname: inventory.hostname, machineID: "", version: inventory.version),
                .audit(
                    who: "glpi-site:\(site.name)", action: "agent.enrol", target: agent,
                    detail: "\(inventory.hostname), GLPI agent \(inventory.deviceID)"),
            ]
        }
        set.agents.append(
            .setStatus(
                agent: agent, version: inventory.version, bootID: "", generation: 0, heartbeatSeconds: heartbeat))
        do { _ = try await store.commit(set) } catch StoreError.conflict {
            // Two requests of a new agent at once: the other one made it known.
            try Self.refuseRevoked(try await store.agent(agent))
        }
    }

    /// Notes that an agent that is known has spoken; refuses one that was revoked.
    private func noteHeard(_ agent: String) async throws {
        guard let known = try await store.agent(agent) else { return }
        try Self.refuseRevoked(known)
        var set = ChangeSet()
        set.agents = [.heard(agent: agent, at: now(), clockSkew: 0)]
        _ = try await store.commit(set)
    }

    private static func refuseRevoked(_ agent: AgentRecord?) throws {
        guard let agent, agent.revokedReason != nil else { return }
        throw ServiceRefusal.forbidden(name: "agent-revoked", "the GLPI agent \(agent.id) of this host is revoked")
    }
}
