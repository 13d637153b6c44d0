import HostMetrics
import LinuxSystem
import Model
import ServiceLifecycle
import Wire

/// Measures the host: metrics of one interval together, in one report.
struct MetricService: Service {
    let settings: SettingsBoard
    let reporter: Reporter
    let heartbeat: Heartbeat
    let helper: HelperClient?
    /// How long a reading may take before it is told that it does not answer.
    let sourceTime: Duration
    var board = MetricBoard()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await KeyedWork.run(
                settings.changes().map { Group.all(of: $0.metrics) }, mark: { $0 },
                ended: { ended, _ in
                    for group in ended { for names in group.readings { board.forget(names) } }
                }
            ) { await measure($0) }
        }
    }

    /// What may not answer, or slowly, is read alone: it must not hold up the rest.
    private static let slow = ["filesystems", "sensors", "units", "clock"]

    /// How long the report waits for what has not answered, a little longer each time; what comes later goes with the next one.
    private static let patience = [5, 20, 100, 400, 1000].map { Duration.milliseconds($0) }

    /// Metrics of one interval.
    private struct Group: Hashable {
        var interval: Duration
        var names: [String]

        static func all(of schedules: [SourceSchedule]) -> [Group] {
            Dictionary(grouping: schedules.filter(\.isEnabled), by: \.interval)
                .map { Group(interval: $0.key, names: $0.value.map(\.name)) }
        }

        /// Those that are read together.
        var readings: [[String]] {
            let quick = names.filter { !MetricService.slow.contains($0) }
            return (names.filter(MetricService.slow.contains).map { [$0] } + [quick]).filter { !$0.isEmpty }
        }
    }

    private func measure(_ group: Group) async {
        let readers = group.readings.map { MetricReader($0, helper: helper) }
        await PeriodicLoop.run(every: group.interval) {
            for reader in readers { reader.begin() }
            for pause in Self.patience where readers.contains(where: \.isBusy) { try? await Task.sleep(for: pause) }
            guard !Task.isCancelled else { return }
            await report(readers)
        }
    }

    /// What the readers found is one report, and the agent's own standing goes with it when it is time for that anyway.
    private func report(_ readers: [MetricReader]) async {
        var samples: [Sample] = []
        var receipts: [Receipt] = []
        for reader in readers {
            guard let found = reader.take() else {
                receipts += reader.overdue(sourceTime)
                continue
            }
            board.put(found.samples, of: reader.names)
            samples += found.samples
            receipts += found.receipts
        }
        guard !samples.isEmpty else { return await reporter.ended(receipts) }
        let status = await heartbeat.takeDue().map { Report.status($0) }
        await reporter.measured(samples, subject: .host, with: status.map { [$0] } ?? [])
        await reporter.ended(receipts)
    }
}
