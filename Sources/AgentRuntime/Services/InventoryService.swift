import CLinux
import LinuxSystem
import Model
import ServiceLifecycle

/// Reads each source of the host at its own interval; sources that are due together share one worker.
struct InventoryService: Service {
    let schedules: [SourceSchedule]
    let worker: InventoryWorker
    let reporter: Reporter
    let wants: SectionWants
    var pulse = Pulse.unwatched

    /// How long writing what was found may take on the slowest disk.
    private static let patience = Duration.seconds(120)

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }

    private func loop() async {
        let clock = ContinuousClock()
        let enabled = schedules.filter(\.isEnabled)
        guard !enabled.isEmpty else {
            try? await Task.sleep(for: .seconds(366 * 86_400))
            return
        }
        // Everything at once in the first moments, then each by itself.
        var due = Dictionary(uniqueKeysWithValues: enabled.map { ($0.name, clock.now) })
        while !Task.isCancelled {
            let wanted = wants.takeSections()
            let now = clock.now
            let names = enabled.filter { schedule in
                due[schedule.name].map { $0 <= now + .seconds(1) } ?? true
                    || wanted.contains(SectionName(rawValue: schedule.name))
            }
            if !names.isEmpty { await read(names.map(\.name)) }
            for schedule in names { due[schedule.name] = now + schedule.interval * Double.random(in: 0.95...1.05) }
            let next = due.values.min() ?? now + .seconds(60)
            let pause = max(next - clock.now, .milliseconds(500))
            pulse.expect(within: pause + InventoryService.patience)
            await wants.hostSignal.wait(atMost: pause)
        }
    }

    private func read(_ names: [String]) async {
        pulse.expect(within: worker.timeout + InventoryService.patience)
        let document = await worker.read(names)
        guard !Task.isCancelled else { return }
        for section in document.sections { await reporter.found(section, subject: .host) }
        await reporter.ended(document.receipts)
        // The document of a whole host was in memory; glibc keeps what was freed unless it is told to give it back. So is the code
        // that reads and packs it, or that only starts.
        muster_give_memory_back()
    }
}
