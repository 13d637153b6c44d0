import LinuxSystem
import Model

/// What the machine starts by the clock: jobs of cron and timers of systemd.
public struct JobsSource: InventorySource {
    /// `jobs`
    public static let name = "jobs"

    /// A source.
    public init() {}

    /// Reads the tables of cron and the timers' unit files.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let cron = CronJob.all(context.root)
        let timers = SystemdTimer.all(context.root)
        let items = (cron.jobs.map(item) + timers.map(item)).withDistinctKeys
        if cron.closed.isEmpty {
            return items.isEmpty
                ? .noData("neither cron nor timers") : .success([InventorySection(name: .jobs, items: items)])
        }
        return .partial(
            [InventorySection(name: .jobs, items: items, isComplete: false)],
            "only root may read \(cron.closed.joined(separator: ", "))")
    }

    private func item(_ job: CronJob) -> SectionItem {
        var facts = Attributes()
        facts.text("type", "cron")
        facts.text("schedule", job.schedule)
        facts.text("user", job.user)
        facts.text("program", job.program)
        facts.text("path", job.table)
        return facts.item("cron:\(job.table) \(job.schedule) \(job.user) \(job.program)")
    }

    private func item(_ timer: SystemdTimer) -> SectionItem {
        var facts = Attributes()
        facts.text("type", "timer")
        facts.text("unit", timer.unit)
        facts.list("schedule", timer.times)
        facts.text("description", timer.description)
        facts.text("path", timer.path)
        return facts.item("timer:\(timer.name)")
    }
}
