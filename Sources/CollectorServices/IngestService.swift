import CMDB
import Model
import Stores
import Synchronization
import Wire

/// Takes what agents say into the CMDB: decode, decide, commit, answer. Nothing is acknowledged before its effects and
/// its ledger key are committed and flushed (promises G1, G2).
public struct IngestService: Sendable {
    /// The store's sides that ingest uses.
    public typealias Store = ChangeCommitting & ReconcileReading & AgentReading & CMDBReading & DiscoveryReading
        & SweepReading

    let store: any Store
    let samples: any SampleStoring & SampleDictionaryStoring
    let sink: any SampleSink
    let machines: (any MachineBook)?
    let now: @Sendable () -> Timestamp
    let dictionaries = SeriesDictionaries()

    /// How often a decision is made again because something changed meanwhile.
    static let attempts = 10

    /// A service over a store; `sink` is told of samples after they are stored, `machines` knows who has which address.
    public init(
        store: any Store, samples: any SampleStoring & SampleDictionaryStoring, sink: any SampleSink,
        machines: (any MachineBook)? = nil, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.samples = samples
        self.sink = sink
        self.machines = machines
        self.now = now
    }

    /// Takes a batch of the agent whose certificate says `agent`.
    ///
    /// Throws only when the store fails: then nothing more of the batch is acknowledged and the agent sends it again.
    /// Each frame commits by itself with its ledger key, so what was stored before the failure is a duplicate then.
    public func accept(agent: String, batch: Batch) async throws -> AgentAnswer {
        var answer = IngestAnswer(batch)
        let known = try await store.known(agent: agent, epoch: batch.epoch, sequences: batch.frames.map(\.sequence))
        var decoded: [(frame: Frame, envelope: Envelope)] = []
        for frame in batch.frames {
            if known.contains(frame.sequence) {
                answer.note(.duplicate, of: frame)
                continue
            }
            do throws(ReportError) {
                decoded.append((frame, try ReportCodec.decode(frame)))
            } catch {
                let origin = FrameOrigin(
                    agent: agent, epoch: batch.epoch, frame: frame, now: now(), isOvertaken: batch.isOvertaken)
                answer.note(try await refuse(error.description, origin), of: frame)
            }
        }
        // The system section tells who the subject is: what is said of it comes after.
        for (frame, envelope) in decoded.filter(\.envelope.tellsIdentity)
            + decoded.filter({ !$0.envelope.tellsIdentity })
        {
            let origin = FrameOrigin(
                agent: agent, epoch: batch.epoch, frame: frame, now: now(), isOvertaken: batch.isOvertaken)
            answer.note(try await take(envelope, origin, &answer), of: frame)
        }
        if decoded.isEmpty { try await noteHeard(agent, batch) }
        return answer.finished
    }

    /// Decides and commits one envelope, again from the start when something changed meanwhile.
    private func take(
        _ envelope: Envelope, _ origin: FrameOrigin, _ answer: inout IngestAnswer
    ) async throws -> FrameOutcome {
        for attempt in 1...IngestService.attempts {
            do {
                let effects = try await effects(of: envelope, origin)
                if let refusal = effects.refusal {
                    answer.want(effects.want)
                    return try await refuse(refusal, origin)
                }
                var set = effects.set
                set.agents = origin.ledgerChanges + set.agents
                _ = try await store.commit(set)
                answer.want(effects.want)
                // A value of hours ago neither fires nor clears anything now.
                if let arrived = effects.arrived, !origin.isOvertaken {
                    await sink.samplesArrived(
                        ci: arrived.ci, agent: origin.agent, values: arrived.values, at: origin.now)
                }
                return .stored
            } catch StoreError.conflict(let what) {
                if try await isKnown(origin) { return .duplicate }
                // Something that never fits would keep everything behind it in the agent's spool for ever.
                if attempt == IngestService.attempts { return try await refuse("cannot be applied: \(what)", origin) }
            } catch StoreError.refused(let what) {
                return try await refuse(what, origin)
            } catch ReconcileError.outOfNumbers where attempt < IngestService.attempts {
                continue
            }
        }
        return .duplicate
    }

    private func effects(of envelope: Envelope, _ origin: FrameOrigin) async throws -> IngestEffects {
        if origin.isOvertaken, envelope.report.isState { return IngestEffects() }
        return try await currentEffects(of: envelope, origin)
    }

    private func currentEffects(of envelope: Envelope, _ origin: FrameOrigin) async throws -> IngestEffects {
        switch envelope.report {
        case .inventory(let report):
            if let refusal = try await refusal(of: report.subject, origin) {
                IngestEffects(agents: [refusal])
            } else {
                try await inventoryEffects(report, envelope.claimedTime, origin)
            }
        case .samples(let report): try await sampleEffects(report, origin)
        case .checks(let results): try await checkEffects(results, origin)
        case .receipts(let receipts):
            IngestEffects(agents: receipts.map { .receipt(agent: origin.agent, receipt: $0) })
        case .gap(let gap):
            IngestEffects(agents: [
                .gap(
                    agent: origin.agent, epoch: gap.epoch, first: gap.first, last: gap.last, count: gap.count,
                    cause: gap.cause)
            ])
        case .status(let status): IngestEffects(agents: status.changes(origin))
        case .events(let events): try await eventEffects(events, origin)
        case .discoveries(let findings): try await discoveryEffects(findings, origin)
        }
    }

    private func refuse(_ reason: String, _ origin: FrameOrigin) async throws -> FrameOutcome {
        var set = ChangeSet()
        let text = String(decoding: reason.utf8.prefix(512), as: UTF8.self)
        set.agents = [
            .refused(agent: origin.agent, epoch: origin.epoch, sequence: origin.frame.sequence, reason: text),
            origin.heard,
        ]
        do {
            _ = try await store.commit(set)
            return .refused(text)
        } catch StoreError.conflict(let what) {
            guard try await isKnown(origin) else { throw StoreError.conflict(what) }
            return .duplicate
        }
    }

    private func isKnown(_ origin: FrameOrigin) async throws -> Bool {
        let sequences = [origin.frame.sequence]
        return try await !store.known(agent: origin.agent, epoch: origin.epoch, sequences: sequences).isEmpty
    }

    private func noteHeard(_ agent: String, _ batch: Batch) async throws {
        guard let frame = batch.frames.last else { return }
        var set = ChangeSet()
        set.agents = [FrameOrigin(agent: agent, epoch: batch.epoch, frame: frame, now: now()).heard]
        _ = try await store.commit(set)
    }
}

extension Envelope {
    fileprivate var tellsIdentity: Bool {
        if case .inventory(let report) = report { report.section == .system } else { false }
    }
}

extension Report {
    /// Whether a newer report of its kind replaces it.
    fileprivate var isState: Bool {
        switch self {
        case .inventory, .checks, .receipts, .status, .discoveries: true
        // Of an event that comes late the timeline hears, and no rule.
        case .samples, .gap, .events: false
        }
    }
}

extension AgentStatus {
    fileprivate func changes(_ origin: FrameOrigin) -> [AgentChange] {
        [
            .setStatus(
                agent: origin.agent, version: version, bootID: bootID, generation: generation,
                heartbeatSeconds: heartbeatSeconds),
            .setCounters(
                agent: origin.agent, epoch: origin.epoch, enqueued: enqueued, acknowledged: acknowledged,
                dropped: dropped),
            .setPolicy(
                agent: origin.agent, tag: policy.map { String($0.unicodeScalars.prefix(64)) } ?? "",
                // What is no network allows nothing.
                sweeps: sweeps.compactMap { IPNetwork($0)?.description }),
        ] + settledChanges(origin)
    }

    /// A frame after which nothing below it comes again tells what an older state of the collector, put back from a
    /// backup, does not know.
    private func settledChanges(_ origin: FrameOrigin) -> [AgentChange] {
        guard let settled, settled < origin.frame.sequence else { return [] }
        return [
            .settled(
                agent: origin.agent, epoch: origin.epoch, through: settled, acknowledged: acknowledged, dropped: dropped
            )
        ]
    }
}
