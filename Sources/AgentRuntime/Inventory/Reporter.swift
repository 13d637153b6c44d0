import Logging
import Model
import Wire

/// Everything the agent finds comes here: it becomes reports in the spool, as small as what the collector knows allows.
actor Reporter {
    private let spool: Spool
    private let store: SectionStore
    private let freshness: Duration
    private let log: Logger
    private var spoken: [SectionStore.Key: ContinuousClock.Instant] = [:]
    private var incomplete: [SectionStore.Key: SHA256Digest] = [:]
    private var outcomes: [String: (receipt: Receipt, sent: ContinuousClock.Instant)] = [:]

    /// A reporter; what was sent last may take `sectionBytes` in its directory, and an unchanged section is mentioned again after
    /// `freshness`.
    init(spool: Spool, sections directory: String, sectionBytes: Int, freshness: Duration, log: Logger) {
        self.spool = spool
        self.freshness = freshness
        self.log = log
        store = SectionStore(directory: directory, limit: sectionBytes) { log.warning("\($0)") }
    }

    /// A section as it was read; `address` is where a device was asked.
    func found(_ section: InventorySection, subject: Subject, address: String? = nil) async {
        let (fitted, changed) = WireFit.fit(section)
        await tell(
            "wire", of: section.name, subject, found: fitted.items.count,
            changed > 0 ? "\(changed) items were cut to the wire's limits" : nil)
        let sent = SentSection(subject: subject, address: address, section: fitted.name, items: fitted.items)
        let key = SectionStore.Key(subject: subject, section: fitted.name)
        let digest = sent.digest
        guard fitted.isComplete else { return await foundPart(sent, key: key, digest: digest) }
        if store.digest(key) == digest, incomplete[key] == nil {
            guard isDue(key) else { return }
            return await enqueue([SectionChange.unchanged(sent, digest: digest)], key: key)
        }
        let reports: [InventoryReport]
        if let base = store.load(key), incomplete[key] == nil {
            reports = SectionChange.difference(from: base, to: sent)
        } else {
            reports = SectionChange.full(sent, isComplete: true)
        }
        incomplete[key] = nil
        // First the spool, then the memory of it: killed between the two, the change is only sent again.
        await enqueue(reports, key: key)
        let isKept = store.save(sent, digest: digest)
        await tell(
            "disk", of: sent.section, subject, found: sent.items.count,
            isKept ? nil : "not kept: [budget] disk_bytes is used up; it is sent whole when it changes")
    }

    /// What was left out of a section, or no more.
    private func tell(_ kind: String, of section: SectionName, _ subject: Subject, found: Int, _ missing: String?) async
    {
        var name = section.rawValue
        if case .device(let target) = subject { name = "\(target) \(name)" }
        let source = "\(kind)/\(name)"
        guard missing != nil || outcomes[source] != nil else { return }
        await ended([
            Receipt(
                source: source, outcome: missing == nil ? .success : .truncated, found: found, milliseconds: 0,
                message: missing ?? "")
        ])
    }

    /// Results of checks; the caller decides when.
    func checked(_ results: [CheckResult]) async {
        if !results.isEmpty { await spool.enqueue([.checks(results)]) }
    }

    /// What happened to devices.
    func happened(_ events: [DeviceEvent]) async {
        if !events.isEmpty { await spool.enqueue([.events(events.map(WireFit.fit))]) }
    }

    /// What was found in networks, in reports of a few hundred findings each.
    func discovered(_ findings: [DiscoveryFinding]) async {
        for start in stride(from: 0, to: findings.count, by: 200) {
            let part = findings[start..<min(start + 200, findings.count)]
            await spool.enqueue([.discoveries(part.map(WireFit.fit))])
        }
    }

    /// Values of one subject at one time; `others` leave with them.
    func measured(_ samples: [Sample], subject: Subject, with others: [Report] = []) async {
        if !samples.isEmpty { await spool.enqueue(samples, subject: subject, with: others) }
    }

    /// How pieces of work ended; sent when an outcome changes, and once a day.
    func ended(_ receipts: [Receipt]) async {
        let now = ContinuousClock.now
        var due: [Receipt] = []
        for receipt in receipts {
            if let last = outcomes[receipt.source], last.receipt.outcome == receipt.outcome,
                last.receipt.message == receipt.message, now - last.sent < .seconds(86_400)
            {
                continue
            }
            outcomes[receipt.source] = (receipt, now)
            due.append(
                Receipt(
                    source: WireFit.text(receipt.source, limit: Limits.nameBytes), outcome: receipt.outcome,
                    found: receipt.found, milliseconds: receipt.milliseconds,
                    message: WireFit.text(receipt.message, limit: 1024)))
            if receipt.outcome == .failure || receipt.outcome == .truncated {
                log.warning("\(printed(receipt.source)): \(receipt.outcome.rawValue): \(printed(receipt.message))")
            }
        }
        if !due.isEmpty { await spool.enqueue([.receipts(due)]) }
    }

    /// Pieces of work that are not done any more: told once of those that were, then forgotten.
    func left(_ sources: [String]) async {
        let known = sources.filter { outcomes[$0] != nil }
        await ended(
            known.map {
                Receipt(source: $0, outcome: .noData, found: 0, milliseconds: 0, message: Reporter.leftMessage)
            })
        for source in known { outcomes[source] = nil }
    }

    /// What is said of work that is not done any more; the console has it in the reader's language.
    static let leftMessage = "not done any more"

    /// The agent's own standing.
    func status(_ status: AgentStatus) async { await spool.enqueue([.status(status)]) }

    /// Says the state of now once more: the digest of each section, and how each piece of work ended last.
    func restate() async {
        incomplete = [:]
        let now = ContinuousClock.now
        var reports: [Report] = []
        for key in store.keys {
            guard let sent = store.load(key), let digest = store.digest(key) else { continue }
            reports.append(.inventory(SectionChange.unchanged(sent, digest: digest)))
            spoken[key] = now
        }
        if !outcomes.isEmpty { reports.append(.receipts(outcomes.keys.sorted().compactMap { outcomes[$0]?.receipt })) }
        await spool.enqueue(reports)
    }

    /// Sends a section whole, as it was last read; false when nothing is known of it.
    func sendWhole(subject: Subject, section: SectionName) async -> Bool {
        let key = SectionStore.Key(subject: subject, section: section)
        guard let sent = store.load(key) else {
            // Else the next reading would say that nothing changed.
            store.remove(key)
            return false
        }
        await enqueue(SectionChange.full(sent, isComplete: true), key: key)
        return true
    }

    /// Forgets devices that are not configured any more.
    func keepOnly(devices: Set<String>) {
        store.forget { subject in
            if case .device(let target) = subject { !devices.contains(target) } else { false }
        }
    }

    /// What is missing in an incomplete section is not gone, so it is never a base for differences.
    private func foundPart(_ sent: SentSection, key: SectionStore.Key, digest: SHA256Digest) async {
        guard incomplete[key] != digest || isDue(key) else { return }
        incomplete[key] = digest
        await enqueue(SectionChange.full(sent, isComplete: false), key: key)
    }

    private func isDue(_ key: SectionStore.Key) -> Bool {
        guard let last = spoken[key] else { return true }
        return ContinuousClock.now - last >= freshness
    }

    private func enqueue(_ reports: [InventoryReport], key: SectionStore.Key) async {
        spoken[key] = ContinuousClock.now
        await spool.enqueue(reports.map { .inventory($0) })
    }
}
