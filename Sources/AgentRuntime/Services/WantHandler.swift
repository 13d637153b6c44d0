import Logging
import Model
import Wire

/// Gives the collector what it lacks: sections, names of series, one more look. Nothing else can be asked for (M14).
struct WantHandler: WantHandling {
    let reporter: Reporter
    let spool: Spool
    let confirmations: Confirmations
    /// Wakes the reading of host sections that nothing is known of yet.
    let inventoryWants: SectionWants
    let log: Logger
    /// Raised when the agent's policy is another one.
    var policy = WakeSignal()

    func handle(_ wants: [Want]) async {
        for want in wants.prefix(1000) {
            switch want {
            case .dictionary: await spool.introduceSeriesAgain()
            case .confirm(let check):
                if !confirmations.request(check) {
                    log.notice("the collector asks about check \(printed(check)), which is not configured")
                }
            case .policy: policy.raise()
            case .section(let subject, let section): await send(subject, section)
            }
        }
    }

    private func send(_ subject: Subject, _ section: SectionName) async {
        if await reporter.sendWhole(subject: subject, section: section) { return }
        switch subject {
        case .host: inventoryWants.add(section)
        case .device(let target): inventoryWants.add(device: target)
        default: log.notice("the collector asks for section \(printed(section.rawValue)) of something else")
        }
    }
}
