import Glibc
import Logging
import Model
import Synchronization
import Wire

/// Has the collector's policy in force: takes it, lays it over the host's own configuration within the host's bounds, keeps the last
/// good one for the next start, and tells what became of it.
actor PolicyKeeper {
    /// What runs.
    nonisolated let board: SettingsBoard
    private nonisolated let inForce = Mutex<String?>(nil)
    private let configuration: AgentConfiguration
    private let log: Logger
    private var state = PolicyState()
    private var count = 0

    /// A keeper of what the configuration says, without any policy yet.
    init(_ configuration: AgentConfiguration, log: Logger) {
        self.configuration = configuration
        self.log = log
        board = SettingsBoard(RunningSettings(configuration))
    }

    /// The tag of the policy in force; nil for none.
    nonisolated var tag: String? { inForce.withLock { $0 } }

    /// Has the kept policy in force, as hostile as if it came from the network; without one, or where none is allowed, the host's own
    /// configuration.
    func begin() {
        guard configuration.bounds.isAllowed else {
            state.failure = nil
            drop(configuration.state.policy)
            tellTimer(nil)
            return save()
        }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try DurableFile.read(configuration.state.policy, limit: AgentPolicy.bytes)
        } catch {
            if case .missing = error { return save() }
            return log.warning("\(error); the next policy takes its place")
        }
        do throws(PolicyRefusal) { try apply(bytes) } catch {
            log.warning("\(configuration.state.policy): \(error); the next policy takes its place")
        }
    }

    /// Takes what the collector sent. What cannot be read changes nothing, and is told.
    func take(_ bytes: [UInt8]) {
        do throws(PolicyRefusal) {
            try apply(bytes)
            do throws(FileError) { try DurableFile.replace(configuration.state.policy, with: bytes) } catch {
                log.error("the policy is in force and could not be kept for the next start: \(error)")
            }
            let groups = state.groups.isEmpty ? "nothing for this agent" : printed(state.groups.joined(separator: ", "))
            log.notice("policy \(tag ?? "") in force (\(groups)): \(count) parts, \(state.refused.count) refused")
            for part in state.refused { log.warning("policy: \(printed(part.description))") }
        } catch {
            state.failure = "the policy cannot be read: \(error)"
            log.warning("policy refused, the one before stays in force: \(printed(error.description))")
            save()
        }
    }

    /// How the work on the policy ended.
    var receipts: [Receipt] {
        guard configuration.bounds.isAllowed else {
            return [
                Receipt(
                    source: "policy", outcome: .noData, found: 0, milliseconds: 0,
                    message: PolicyApplication.Words.policies)
            ]
        }
        return [state.receipt(count: count)]
            + [UpgradeStanding(wanted: board.current.upgrade).receipt].compactMap { $0 }
    }

    private func apply(_ bytes: [UInt8]) throws(PolicyRefusal) {
        let policy = try AgentPolicy(decoding: bytes)
        let application = PolicyApplication(policy, to: configuration)
        count =
            application.settings.checks.count - configuration.checks.count + application.settings.devices.count
            - configuration.devices.count + policy.inventory.sources.count + policy.metrics.sources.count
            + (application.settings.discovery != nil && !configuration.discovery.isEnabled ? 1 : 0)
        state = PolicyState(
            tag: AgentPolicy.tag(of: bytes), groups: policy.groups, takenAt: .now, refused: application.refused)
        inForce.withLock { $0 = state.tag }
        board.put(application.settings)
        tellTimer(application.settings.upgrade)
        save()
    }

    /// Lays the wanted version where the host's own timer looks for it (scripts/upgrade-agent), or takes it away.
    private func tellTimer(_ upgrade: PolicyUpgrade?) {
        let path = configuration.state.wantedVersion
        guard let upgrade else { return drop(path) }
        do throws(FileError) { try DurableFile.replace(path, with: Array("\(upgrade.version)\n".utf8)) } catch {
            log.error("the wanted version could not be written: \(error)")
        }
    }

    private func drop(_ path: String) {
        if unlink(path) != 0, errno != ENOENT { log.warning("\(FileError.last("remove", path))") }
    }

    private func save() {
        do { try state.save(configuration.state.policyState) } catch { log.debug("\(error)") }
    }
}
