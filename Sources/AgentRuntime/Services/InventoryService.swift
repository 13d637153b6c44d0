import CLinux
import LinuxSystem
import Model
import ServiceLifecycle

/// Reads each source of the host at its own interval; sources that are due together share one worker. One that overran the budget
/// is not read before it has cooled down, whoever wants it.
struct InventoryService: Service {
    let settings: SettingsBoard
    let worker: InventoryWorker
    let cooling: CoolingFile
    let reporter: Reporter
    let wants: SectionWants
    var pulse = Pulse.unwatched

    /// How long writing what was found may take on the slowest disk.
    private static let patience = Duration.seconds(120)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            async let looks: Void = loop()
            for await _ in settings.changes() { wants.hostSignal.raise() }
            await looks
        }
    }

    private func loop() async {
        let clock = ContinuousClock()
        var cooling = self.cooling.load()
        var due = DueTimes()
        while !Task.isCancelled {
            let enabled = settings.current.sources.filter(\.isEnabled)
            due.fit(enabled, at: clock.now)
            let wanted = wants.takeSections()
            let now = clock.now
            let names = enabled.filter { schedule in
                due.isDue(schedule.name, at: now + .seconds(1))
                    || wanted.contains(SectionName(rawValue: schedule.name))
            }
            if !names.isEmpty { await read(names.map(\.name), &cooling) }
            let wall = Timestamp.now
            for schedule in names {
                let interval = schedule.interval * Double.random(in: 0.95...1.05)
                let rest = Duration.milliseconds(cooling.remaining(schedule.name, at: wall) ?? 0)
                due.set(schedule.name, to: now + max(interval, rest))
            }
            let next = due.next ?? now + .seconds(3600)
            let pause = max(next - clock.now, .milliseconds(500))
            pulse.expect(within: pause + InventoryService.patience)
            await wants.hostSignal.wait(atMost: pause)
        }
    }

    private func read(_ names: [String], _ cooling: inout SourceCooling) async {
        let (pulse, patience) = (self.pulse, worker.budget.sourceTime + InventoryService.patience)
        let before = cooling
        let document = await worker.read(
            names, cooling: &cooling, progress: { pulse.expect(within: patience) })
        guard !Task.isCancelled else { return }
        if cooling != before { self.cooling.save(cooling) }
        for section in document.sections { await reporter.found(section, subject: .host) }
        await reporter.ended(document.receipts)
        // The document of a whole host was in memory; glibc keeps what was freed unless it is told to give it back. So is the code
        // that reads and packs it, or that only starts.
        muster_give_memory_back()
    }
}
