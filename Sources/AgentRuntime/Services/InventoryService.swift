import CLinux
import LinuxSystem
import Model
import ServiceLifecycle

/// Reads each source of the host at its own interval; sources that are due together share one worker. One that overran the budget
/// is not read before it has cooled down, whoever wants it.
struct InventoryService: Service {
    let schedules: [SourceSchedule]
    let worker: InventoryWorker
    let cooling: CoolingFile
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
        var cooling = self.cooling.load()
        var due = Dictionary(uniqueKeysWithValues: enabled.map { ($0.name, clock.now) })
        while !Task.isCancelled {
            let wanted = wants.takeSections()
            let now = clock.now
            let names = enabled.filter { schedule in
                due[schedule.name].map { $0 <= now + .seconds(1) } ?? true
                    || wanted.contains(SectionName(rawValue: schedule.name))
            }
            if !names.isEmpty { await read(names.map(\.name), &cooling) }
            let wall = Timestamp.now
            for schedule in names {
                let interval = schedule.interval * Double.random(in: 0.95...1.05)
                due[schedule.name] =
                    now + max(interval, .milliseconds(cooling.remaining(schedule.name, at: wall) ?? 0))
            }
            let next = due.values.min() ?? now + .seconds(60)
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
