import Checks
import LinuxSystem
import Model
import Outbound
import ServiceLifecycle

/// Runs every check at its own interval, and at once when the collector asks.
struct CheckService: Service {
    let checks: [CheckDefinition]
    let board: CheckBoard
    let outbound: OutboundClient
    let confirmations: Confirmations
    let flushInterval: Duration
    let helper: HelperClient?
    let memories: CheckMemories

    func run() async throws {
        memories.keepOnly(checks.map(\.name))
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for check in checks { group.addTask { await repeatedly(check) } }
                group.addTask { await PeriodicLoop.run(every: flushInterval) { await board.flush() } }
            }
        }
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
