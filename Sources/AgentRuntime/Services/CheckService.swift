import Checks
import LinuxSystem
import Model
import Outbound
import ServiceLifecycle

/// Runs every check at its own interval, and at once when the collector asks; which checks there are may change.
struct CheckService: Service {
    let settings: SettingsBoard
    let board: CheckBoard
    let outbound: OutboundClient
    let confirmations: Confirmations
    let flushInterval: Duration
    let helper: HelperClient?
    let memories: CheckMemories

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await KeyedWork.run(settings.changes().map(\.checks), mark: \.mark, ended: changed) {
                        await repeatedly($0.definition)
                    }
                }
                group.addTask { await PeriodicLoop.run(every: flushInterval) { await board.flush() } }
            }
        }
    }

    /// What left is told; so is a check that speaks of something else now, before it begins anew.
    private func changed(_ ended: [RunningCheck], _ made: [RunningCheck]) async {
        memories.keepOnly(made.map(\.definition.name))
        let subjects = Dictionary(
            made.map { ($0.definition.name, $0.definition.subject) }, uniquingKeysWith: { first, _ in first })
        let gone = ended.map(\.definition).filter { subjects[$0.name] != $0.subject }.map(\.name)
        await board.withdraw(gone)
        for name in gone where subjects[name] == nil { confirmations.forget(name) }
        await board.admit(subjects.keys)
    }

    private func repeatedly(_ check: CheckDefinition) async {
        let wake = confirmations.signal(for: check.name)
        let context = CheckContext(
            timeout: check.timeout, outbound: outbound, helper: helper, memory: memories.memory(of: check.name))
        await PeriodicLoop.run(every: check.interval, first: .seconds(1), wake: wake) {
            let isAsked = confirmations.takeRequest(for: check.name)
            let (result, samples) = await check.run(context, failuresInRow: await board.failuresInRow(check.name))
            if !Task.isCancelled { await board.take(result, samples, isAsked: isAsked) }
        }
    }
}
