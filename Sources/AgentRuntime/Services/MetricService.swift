import HostMetrics
import LinuxSystem
import Model
import ServiceLifecycle

/// Measures the host: metrics of one interval together, in one report.
struct MetricService: Service {
    let schedules: [SourceSchedule]
    let reporter: Reporter
    let helper: HelperClient?
    var board = MetricBoard()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for (interval, names) in groups { group.addTask { await measure(names, every: interval) } }
                // A task group without a task would end the service, and with it the agent.
                group.addTask { try? await Task.sleep(for: .seconds(366 * 86_400)) }
                await group.next()
            }
        }
    }

    /// What may not answer, or slowly, stands alone: it must not hold up the rest.
    private static let slow = ["filesystems", "sensors", "units", "clock"]

    private var groups: [(interval: Duration, names: [String])] {
        let enabled = schedules.filter(\.isEnabled)
        let alone = enabled.filter { Self.slow.contains($0.name) }.map { ($0.interval, [$0.name]) }
        let together = Dictionary(grouping: enabled.filter { !Self.slow.contains($0.name) }, by: \.interval)
        return alone + together.map { ($0.key, $0.value.map(\.name)) }
    }

    private func measure(_ names: [String], every interval: Duration) async {
        var runner = HostMetricRunner(names: names, helper: helper)
        await PeriodicLoop.run(every: interval) {
            let before = runner
            let (after, samples, receipts) = await BlockingThread.run {
                var runner = before
                let found = runner.read(root: SystemRoot())
                return (runner, found.samples, found.receipts)
            }
            runner = after
            guard !Task.isCancelled else { return }
            board.put(samples, of: names)
            await reporter.measured(samples, subject: .host)
            await reporter.ended(receipts)
        }
    }
}
